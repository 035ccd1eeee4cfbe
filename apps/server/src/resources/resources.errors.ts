import { AppError } from '../shared/app-error.ts'

export const resourceNotFound = () => new AppError('resource.not_found', 'There is no such resource here.')

export const resourceInUse = (unitInUse: number) =>
  new AppError(
    'resource.in_use',
    `An appointment to come uses number ${unitInUse} of it: move that before there are fewer.`,
  )
