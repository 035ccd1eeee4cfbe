import { AppError } from '../shared/app-error.ts'

export const messageNotFound = () => new AppError('message.not_found', 'This message does not exist.')

export const messageErased = () =>
  new AppError(
    'message.erased',
    'Nothing is left of what it said: the customer was erased, or it is long ago. It cannot be sent again.',
  )
