import { AppError } from '../shared/app-error.ts'

export const wishNotFound = () => new AppError('wish.not_found', 'This wish does not exist.')

export const wishLinkInvalid = () =>
  new AppError('wish.link_invalid', 'This link is not valid. Use the one in the mail about the waiting list.')

export const wishNotOpen = () =>
  new AppError('wish.not_open', 'This wish has been fulfilled, withdrawn, or its dates have passed. Make a new one.')

export const offerOver = () =>
  new AppError('wish.offer_over', 'This offer is over. You stay on the list and are told when another time frees up.')

export const tooManyWishes = (most: number) =>
  new AppError('wish.too_many', `Nobody can wait for more than ${most} times at once. Withdraw one first.`)

export const alreadyWaiting = (cause?: unknown) =>
  new AppError('wish.already_waiting', 'You asked for an earlier time already, and are told when there is one.', {
    cause,
  })
