import { fail, type ActionFailure } from '@sveltejs/kit'
import { m } from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { problemOf, type Outcome } from '#lib/api.ts'
import { typedIn } from '#lib/ui/form-data.ts'
import type { Alternative, Problem } from './types.ts'

/** What a page shows after a form was refused: why, and everything that was typed. */
export type Refusal = {
  message: string
  /** what is wrong with single entries, by their names */
  errors: Record<string, string>
  values: Record<string, string[]>
  /** the nearest free times, where a time was refused */
  alternatives: Alternative[]
}

/** The answer of a form action whose request the API has refused. */
export function refuse(outcome: Outcome<unknown>, form: FormData): ActionFailure<Refusal> {
  const problem = problemOf(outcome)
  const errors = (problem.errors ?? []).map(({ field }) => [entryName(field), m.office_error_entry()] as const)
  return fail(problem.status, {
    message: refusalText(problem),
    errors: Object.fromEntries(errors),
    values: typedIn(form),
    alternatives: problem.alternatives ?? [],
  })
}

/** The answer of a form action that finds an entry wrong before it asks the API. */
export function refuseEntries(errors: Record<string, string>, form: FormData): ActionFailure<Refusal> {
  return fail(400, { message: m.office_error_invalid(), errors, values: typedIn(form), alternatives: [] })
}

/** What a page shows again when a form was sent for something else than to be saved. */
export function unsaved(form: FormData): Refusal {
  return { message: '', errors: {}, values: typedIn(form), alternatives: [] }
}

/** The entries of a request that should be numbers and are none: JSON would send them as null. */
export function noNumbers(body: Record<string, unknown>): Record<string, string> {
  const wrong = Object.entries(body).filter(([, value]) => [value].flat().some((one) => Number.isNaN(one)))
  return Object.fromEntries(wrong.map(([name]) => [name, m.office_error_number()]))
}

/** Says what went wrong in the reader's language. The API explains itself in English. */
export function refusalText(problem: Problem): string {
  const known = TEXTS[problem.code]
  if (problem.code === 'request.invalid') return m.office_error_invalid()
  if (getLocale() === 'en') return problem.detail ?? problem.title
  return known ? known() : m.office_error_unknown()
}

const TEXTS: Record<string, () => string> = {
  'auth.required': () => m.office_error_signed_out(),
  'auth.forbidden': () => m.office_error_forbidden(),
  'auth.origin_refused': () => m.office_error_forbidden(),
  'rate.limited': () => m.office_error_too_many(),
  'idempotency.key_reused': () => m.office_error_sent_before(),
  'organization.slug_taken': () => m.office_error_address_taken(),
  'service.slug_taken': () => m.office_error_address_taken(),
  'customer.has_bookings': () => m.office_error_has_bookings(),
  'customer.erased': () => m.office_error_customer_erased(),
  'message.erased': () => m.office_error_message_erased(),
  'customer.email_taken': () => m.office_error_email_taken(),
  'resource.in_use': () => m.office_error_resource_in_use(),
  'booking.slot_taken': () => m.office_error_slot_taken(),
  'booking.slot_refused': () => m.office_error_slot_refused(),
  'booking.no_seats': () => m.office_error_no_seats(),
  'booking.bundle_refused': () => m.office_error_bundle_refused(),
  'booking.not_active': () => m.office_error_not_active(),
  'booking.not_pending': () => m.office_error_not_pending(),
  'booking.step_impossible': () => m.office_error_step_impossible(),
  'wish.not_open': () => m.office_error_wish_not_open(),
  'server.busy': () => m.office_error_busy(),
  'server.maintenance': () => m.public_maintenance_text(),
}

/** The entry that a field of the request belongs to: `durationsMin.0` is typed into `durationsMin`. */
function entryName(field: string): string {
  return field.replace(/\.\d+(?:\..*)?$/, '')
}
