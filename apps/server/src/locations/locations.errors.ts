import { AppError } from '../shared/app-error.ts'

export const locationNotFound = () => new AppError('location.not_found', 'There is no such location here.')
