import { AppError } from '../shared/app-error.ts'

export const providerNotFound = () => new AppError('provider.not_found', 'There is no such provider here.')
