import { AppError } from '../shared/app-error.ts'

export const organizationNotFound = () =>
  new AppError('organization.not_found', 'There is no organization at this address.')

export const slugTaken = (slug: string, cause?: unknown) =>
  new AppError('organization.slug_taken', `The address "${slug}" is taken. Choose another one.`, {
    cause,
    fields: [{ field: 'slug', message: 'This address is taken.' }],
  })
