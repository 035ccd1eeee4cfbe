import { AppError } from '../shared/app-error.ts'

export const customerNotFound = () => new AppError('customer.not_found', 'This customer does not exist.')

export const emailTaken = (cause?: unknown) =>
  new AppError('customer.email_taken', 'Another customer has this email address.', {
    cause,
    fields: [{ field: 'email', message: 'Another customer has this email address.' }],
  })

export const customerErased = () =>
  new AppError('customer.erased', 'This customer was erased: there is nobody left to change.')
