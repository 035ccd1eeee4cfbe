import { AppError } from '../shared/app-error.ts'

export const timeOffNotFound = () => new AppError('time_off.not_found', 'There is no such time off here.')

export const notYourTimeOff = () =>
  new AppError('auth.forbidden', 'You may enter your own time off only. Ask a manager to change this.')
