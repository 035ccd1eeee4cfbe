import { fail, type ActionFailure } from '@sveltejs/kit'
import { problemOf, type Outcome } from '#lib/api.ts'
import { typedIn } from '#lib/ui/form-data.ts'
import { m } from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { momentText } from '#lib/time/format.ts'
import { reasonText, type Reason } from './reasons.ts'
import type { Problem } from './types.ts'

/** What a booking page shows after a form was refused: why, everything that was typed, and where it would work. */
export type BookingRefusal = {
  message: string
  errors: Record<string, string>
  values: Record<string, string[]>
  alternatives: { start: string; text: string }[]
}

type Reader = {
  timeZone: string
  locale: string
  /** finds out why a time was refused, where one was asked for */
  findReason?: () => Promise<Reason | undefined>
}

/** The answer of a form action whose request the API has refused. Times are said in the zone and locale. */
export async function refuseBooking(
  outcome: Outcome<unknown>,
  form: FormData,
  { timeZone, locale, findReason }: Reader,
): Promise<ActionFailure<BookingRefusal>> {
  const problem = problemOf(outcome)
  const reason = problem.code.startsWith('booking.slot_') ? await findReason?.() : undefined
  // That somebody was faster says more than that the time is taken.
  const isTold = reason !== undefined && reason !== 'taken'
  return fail(problem.status, {
    message: isTold ? `${reasonText(reason)} ${m.public_nothing_lost()}` : textOf(problem),
    errors: Object.fromEntries((problem.errors ?? []).map(({ field }) => [entryOf(field), m.public_error_entry()])),
    values: typedIn(form),
    alternatives: alternativesOf(problem).map((start) => ({
      start,
      text: m.public_take({ time: momentText(start, timeZone, locale) }),
    })),
  })
}

/** Of one time, or of several that were asked for together. */
function alternativesOf({ alternatives = [], refused = [] }: Problem): string[] {
  return [...alternatives.map(({ start }) => start), ...refused.flatMap((time) => time.alternatives)]
}

function textOf(problem: Problem): string {
  const known = TEXTS[problem.code]
  if (known) return known()
  // The API explains itself in English.
  return getLocale() === 'en' ? (problem.detail ?? problem.title) : m.public_error_unknown()
}

const TEXTS: Record<string, () => string> = {
  'request.invalid': m.public_error_invalid,
  'booking.slot_taken': m.public_error_slot_taken,
  'booking.slot_refused': m.public_error_slot_refused,
  'booking.bundle_refused': m.public_error_visit,
  'booking.too_late': m.public_error_too_late,
  'booking.no_seats': m.public_error_no_seats,
  'booking.not_active': m.public_error_not_active,
  'booking.not_pending': m.public_error_not_pending,
  'booking.link_invalid': m.public_link_invalid_text,
  'booking.link_expired': m.public_link_expired_text,
  'hold.too_many': m.public_error_hold_many,
  'wish.link_invalid': m.public_error_wish_link,
  'wish.offer_over': m.public_error_wish_over,
  'wish.not_open': m.public_error_wish_not_open,
  'wish.too_many': m.public_error_wish_many,
  'wish.already_waiting': m.public_error_wish_already,
  'rate.limited': m.public_too_many_text,
  'server.busy': m.public_error_busy,
  'server.maintenance': m.public_maintenance_text,
}

/** The entry of the form that a field of the request was typed into: `customer.email` is `email`. */
function entryOf(field: string): string {
  const path = field.replaceAll('/', '.').replace(/^\./, '')
  const ofPart = /^items\.(\d+)\.answers\.(.+)$/.exec(path)
  if (ofPart) return `answer-${ofPart[1] ?? ''}-${ofPart[2] ?? ''}`
  if (/^(?:weekdays|providers)\.\d+$/.test(path)) return path.replace(/\.\d+$/, '')
  return path.startsWith('answers.') ? path.replace('answers.', 'answer-') : path.replace(/^customer\./, '')
}
