import type { GetBookingResponses } from '@slotkeeper/client'
import { m } from '#lib/paraglide/messages.js'

const TEXTS: Record<GetBookingResponses[200]['state'], () => string> = {
  pending: m.public_state_pending,
  confirmed: m.public_state_confirmed,
  cancelled: m.public_state_cancelled,
  completed: m.public_state_completed,
  no_show: m.public_state_no_show,
}

/** What a customer is told of the state of an appointment. */
export function stateText(state: keyof typeof TEXTS): string {
  return TEXTS[state]()
}
