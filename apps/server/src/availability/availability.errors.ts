import type { PublicReason } from '@slotkeeper/scheduling'
import { AppError, type Alternative } from '../shared/app-error.ts'

/** Why a time is not offered, as a sentence for the person who asked for it. */
const REFUSALS: Record<PublicReason, string> = {
  past: 'This time has passed.',
  notice: 'This time is too soon: the business needs more notice.',
  window: 'This time is further ahead than can be booked now.',
  hours: 'The business does not offer this service at this time.',
  steps: 'This service does not start at this time.',
  taken: 'This time is taken.',
  limit: 'You have booked as often as is possible in this time.',
  not_offered: 'This time is not offered.',
  resource: 'What this service needs is in use at this time.',
  full: 'Not enough seats are left at this time.',
  no_provider: 'Nobody offers this service at the moment.',
}

/** Why a time is not offered, for whoever asks. */
export const refusalMessage = (reason: PublicReason): string => REFUSALS[reason]

/** Reasons that come from somebody else being faster; the others never were an offer. */
const TAKEN: PublicReason[] = ['taken', 'resource', 'full']

export function slotRefused(reason: PublicReason, alternatives: Alternative[]): AppError {
  const code = TAKEN.includes(reason) ? 'booking.slot_taken' : 'booking.slot_refused'
  const choice = alternatives.length > 0 ? ' Choose one of the free times nearby.' : ''
  return new AppError(code, REFUSALS[reason] + choice, { alternatives })
}

export const serviceNotFound = () =>
  new AppError('service.not_found', 'This service does not exist or is no longer offered.')

export const providerNotFound = () => new AppError('provider.not_found', 'This person does not offer this service.')
