import { AppError } from '../shared/app-error.ts'

export const underMaintenance = (reason: string | undefined) =>
  new AppError(
    'server.maintenance',
    reason ?? 'We are working on this site and are back soon. Try again in a few minutes.',
  )
