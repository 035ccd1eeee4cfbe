import { AppError } from '../shared/app-error.ts'

export const scheduleNotFound = () => new AppError('schedule.not_found', 'There is no such schedule here.')

export const notYourSchedule = () =>
  new AppError('auth.forbidden', 'You may change your own hours only. Ask a manager to change this schedule.')
