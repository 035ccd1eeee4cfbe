import { AppError } from '../shared/app-error.ts'

export const apiKeyNotFound = () => new AppError('api_key.not_found', 'This API key does not exist.')
