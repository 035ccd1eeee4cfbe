import { AppError } from '../shared/app-error.ts'

export const serviceNotFound = () => new AppError('service.not_found', 'There is no such service here.')

export const serviceSlugTaken = (cause: unknown) =>
  new AppError('service.slug_taken', 'Another service has this address, perhaps one that is no longer offered.', {
    cause,
  })

export const hiddenForMembers = () => new AppError('auth.required', 'Sign in to see services that are not shown.')
