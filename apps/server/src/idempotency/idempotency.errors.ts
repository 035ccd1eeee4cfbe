import { AppError } from '../shared/app-error.ts'

export const answerErased = () =>
  new AppError(
    'idempotency.answer_erased',
    'This request was answered before, and the customer it was about has been erased since. Do not send it again.',
  )
