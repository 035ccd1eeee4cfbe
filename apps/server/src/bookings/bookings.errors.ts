import { AppError, type RefusedTime } from '../shared/app-error.ts'

export const bookingNotFound = () => new AppError('booking.not_found', 'This booking does not exist.')

export const linkInvalid = () =>
  new AppError(
    'booking.link_invalid',
    'This link is not valid. Use the newest mail about this booking, or ask the business.',
  )

export const linkExpired = () =>
  new AppError('booking.link_expired', 'This link has expired: the appointment was too long ago.')

export const bookingNotActive = () =>
  new AppError('booking.not_active', 'This booking can no longer be changed: it was cancelled or is over.')

export const tooLateToCancel = () =>
  new AppError('booking.too_late', 'It is too late to cancel online. Please contact the business.')

export const tooLateToMove = () =>
  new AppError('booking.too_late', 'It is too late to move this booking online. Please contact the business.')

export const changedMeanwhile = () =>
  new AppError(
    'booking.not_active',
    'This booking has just been changed by someone else. Look at it again before you go on.',
  )

export const mayNotOverride = () =>
  new AppError('auth.forbidden', 'Only managers, admins and owners may book a time that is not offered.')

export const notPending = () =>
  new AppError('booking.not_pending', 'This request has been decided, or was withdrawn. Look at the booking again.')

export const stepImpossible = (detail: string) => new AppError('booking.step_impossible', detail)

export const holdSpent = () =>
  new AppError('hold.expired', 'This hold has run out, or was extended before. Choose the time again.')

export const holdNotFound = () =>
  new AppError('hold.not_found', 'This hold has run out, was booked, or was let go. Choose the time again.')

export const tooManyHolds = (placesMax: number) =>
  new AppError(
    'hold.too_many',
    `${placesMax} times are kept for your internet connection here already. Book one, let one go, or wait a few minutes.`,
  )

export const bundleNotFound = () => new AppError('booking.bundle_not_found', 'There is no such series or visit.')

/** Some of what is to be booked or moved together is not free, so none of it is. */
export const bundleRefused = (refused: RefusedTime[], total: number) =>
  new AppError(
    'booking.bundle_refused',
    `${refused.length} of ${total} times are not free, so nothing was changed. Leave them out, or choose other times.`,
    { refused },
  )

export const bundleIsOver = () =>
  new AppError('booking.not_active', 'None of these bookings can be changed any more: they were cancelled or are over.')

export const takesNoSeats = () =>
  new AppError('booking.no_seats', 'This service is for one party at a time: it has no seats to change or to move.')

export const keyReused = () =>
  new AppError(
    'idempotency.key_reused',
    'This Idempotency-Key came with another request before. Use a new key for a new request.',
  )

export const hasBookings = (count: number) =>
  new AppError(
    'customer.has_bookings',
    `This customer has ${count === 1 ? 'an appointment' : `${count} appointments`} to come. Cancel first, so that everybody is told.`,
  )
