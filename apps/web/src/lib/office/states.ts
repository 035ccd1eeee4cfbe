import { m } from '#lib/paraglide/messages.js'
import type { Booking, Location, Message, Question, Role, Wish } from './types.ts'

type ChipKind = 'plain' | 'success' | 'danger' | 'warning'

/** The state of a booking, in words and in a colour. */
export const BOOKING_STATES: Record<Booking['state'], { text: () => string; kind: ChipKind }> = {
  pending: { text: m.office_state_pending, kind: 'warning' },
  confirmed: { text: m.office_state_confirmed, kind: 'success' },
  cancelled: { text: m.office_state_cancelled, kind: 'danger' },
  completed: { text: m.office_state_completed, kind: 'plain' },
  no_show: { text: m.office_state_no_show, kind: 'warning' },
}

/** Whether a booking can still be moved or cancelled. */
export function isActive({ state }: Pick<Booking, 'state'>): boolean {
  return state === 'pending' || state === 'confirmed'
}

/** The state of a message, in words and in a colour. */
export const MESSAGE_STATES: Record<Message['state'], { text: () => string; kind: ChipKind }> = {
  queued: { text: m.office_message_queued, kind: 'warning' },
  sent: { text: m.office_message_sent, kind: 'success' },
  failed: { text: m.office_message_failed, kind: 'danger' },
}

/** The state of a wish on the waiting list, in words and in a colour. */
export const WISH_STATES: Record<Wish['state'], { text: () => string; kind: ChipKind }> = {
  waiting: { text: m.office_wish_waiting, kind: 'plain' },
  offered: { text: m.office_wish_offered, kind: 'warning' },
  taken: { text: m.office_wish_taken, kind: 'success' },
  withdrawn: { text: m.office_wish_withdrawn, kind: 'plain' },
  expired: { text: m.office_wish_expired, kind: 'plain' },
}

/** What became of an offer, or until when it is kept. */
export const OFFER_STATES: Record<Wish['offers'][number]['state'], (until: { time: string }) => string> = {
  open: m.office_offer_open,
  taken: () => m.office_offer_taken(),
  lapsed: () => m.office_offer_lapsed(),
  declined: () => m.office_offer_declined(),
}

/** What a message is about; the API's own word for kinds that are newer than these pages. */
export function messageKind(kind: string): string {
  const texts: Record<string, () => string> = {
    'booking.requested': m.office_message_requested,
    'booking.confirmation': m.office_message_confirmation,
    'booking.declined': m.office_message_declined,
    'booking.reassigned': m.office_message_reassigned,
    'booking.rescheduled': m.office_message_rescheduled,
    'booking.changed': m.office_message_changed,
    'booking.cancelled': m.office_message_cancelled,
    'wish.received': m.office_message_wish_received,
    'wish.offered': m.office_message_wish_offered,
  }
  return texts[kind]?.() ?? kind
}

export const AUDIENCES: Record<Message['audience'], () => string> = {
  customer: m.office_audience_customer,
  provider: m.office_audience_provider,
}

export const ROLES: Record<Role, () => string> = {
  owner: m.office_role_owner,
  admin: m.office_role_admin,
  manager: m.office_role_manager,
  provider: m.office_role_provider,
  viewer: m.office_role_viewer,
}

export const LOCATION_KINDS: Record<Location['kind'], () => string> = {
  address: m.office_location_address,
  phone: m.office_location_phone,
  video: m.office_location_video,
}

export const QUESTION_KIND_NAMES: Record<Question['kind'], () => string> = {
  text: m.office_question_text,
  long_text: m.office_question_long_text,
  choice: m.office_question_choice,
  checkbox: m.office_question_checkbox,
}
