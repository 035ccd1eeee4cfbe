import { AppError } from '../shared/app-error.ts'

export const messageNotFound = () => new AppError('message.not_found', 'This message does not exist.')
