import type { Change, Effect, Entry } from '../history.ts'
import { OPEN, type Business, type Service } from './business.ts'
import type { Request } from './http.ts'
import { pick, type Client, type KnownBooking } from './memory.ts'

/** What a client sends, and what must follow from it. */
export type Ask = {
  business: Business
  request: Omit<Request, 'headers'>
  /** with the owner's session */
  asMember: boolean
  /** `new` makes one for this operation, and sends again under it until there is an answer; a text is used as it is */
  key: 'none' | 'new' | { text: string }
  effect: Effect
  /** what the client remembers of the answer */
  learn?: (entry: Entry) => void
}

/** One kind of operation: a line of the table in operations.ts. */
export type Operation = {
  kind: string
  /** how often it comes, beside the others */
  weight: number
  /** undefined when there is nothing to do it to */
  ask: (client: Client) => Ask | undefined
}

export const pathOf = ({ slug }: Business) => `/api/v1/organizations/${slug}`

export const memberPath = ({ business, id }: KnownBooking) => `${pathOf(business)}/bookings/${id}`

export const linkPath = ({ id, token }: KnownBooking) => `/api/v1/bookings/${id}?token=${encodeURIComponent(token)}`

export function changeOf(
  entity: Change['entity'],
  entityId: string | undefined,
  actions: string[],
  detail: Change['detail'] = {},
): Change {
  return { entity, entityId, actions, detail }
}

/** A start that the service may offer, on one of the days that everybody wants. */
export function someStart(
  { random }: Client,
  business: Business,
  service: Pick<Service, 'lengthMin' | 'stepMin'>,
): number {
  const date = pick(random, business.dates) ?? ''
  const starts = Math.floor((OPEN.toMin - OPEN.fromMin - service.lengthMin) / service.stepMin) + 1
  return instantOf(business, date, OPEN.fromMin + Math.floor(random() * starts) * service.stepMin)
}

/** A start that is offered to nobody, on the steps of five minutes. */
export function someOddStart({ random }: Client, business: Business, date: string): number {
  return instantOf(business, date, OPEN.fromMin + Math.floor(random() * 48) * 5)
}

export function toText(instantMs: number): string {
  return new Date(instantMs).toISOString()
}

export function localTime(minutes: number): string {
  return Temporal.PlainTime.from('00:00').add({ minutes }).toString({ smallestUnit: 'minute' })
}

function instantOf({ timeZone }: Business, date: string, minutes: number): number {
  const plainTime = Temporal.PlainTime.from('00:00').add({ minutes })
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds
}
