/** Rows of the database as the checks read them; moments are epoch milliseconds. */

export type BookingRow = {
  organizationId: string
  id: string
  serviceId: string
  providerId: string
  customerId: string
  /** carries the tag of the operation that asked for it */
  customerName: string
  state: string
  startMs: number
  endMs: number
  seats: number
  sequence: number
  claimsTime: boolean
}

export type ClaimRow = {
  organizationId: string
  id: string
  subjectId: string
  unit: number
  startMs: number
  endMs: number
  beforeMin: number
  afterMin: number
  bookingId: string | null
  holdId: string | null
  sessionId: string | null
}

export type SeatRow = {
  organizationId: string
  sessionId: string
  number: number
  bookingId: string | null
  holdId: string | null
}

export type HoldRow = {
  organizationId: string
  id: string
  serviceId: string
  providerId: string
  startMs: number
  endMs: number
  seats: number
  expiresMs: number
}

export type SessionRow = {
  organizationId: string
  id: string
  serviceId: string
  providerId: string
  startMs: number
  endMs: number
  capacity: number
}

export type KeyRow = { organizationId: string; key: string; body: Record<string, unknown> }

export type EventRow = {
  organizationId: string
  id: string
  actorKind: string
  action: string
  entity: string
  entityId: string
  detail: Record<string, unknown>
}

export type WishRow = {
  organizationId: string
  id: string
  serviceId: string
  /** carries the tag of the operation that asked for it */
  customerName: string
  seats: number
  state: string
  /** the booking that is to move to an earlier time, and what came of the wish */
  earlierId: string | null
  bookingId: string | null
}

export type OfferRow = {
  organizationId: string
  id: string
  wishId: string
  holdId: string
  providerId: string
  startMs: number
  endMs: number
  state: string
}

/** A message as it was queued: about a booking, or about a wish. */
export type MessageRow = {
  organizationId: string
  id: string
  bookingId: string | null
  wishId: string | null
  kind: string
  audience: string
  recipient: string
}

/** The recorded tables. */
export type Tables = {
  booking: BookingRow
  claim: ClaimRow
  seat: SeatRow
  hold: HoldRow
  group_session: SessionRow
  idempotency_key: KeyRow
  audit_event: EventRow
  message: MessageRow
  wish: WishRow
  wish_offer: OfferRow
}

/** A row of one of them. */
export type TableRow = { [Table in keyof Tables]: { table: Table; row: Tables[Table] } }[keyof Tables]

type Fields = Record<string, unknown>

/** @param fields  the row as PostgreSQL writes it in JSON */
export function parseRow(table: string, fields: Fields): TableRow {
  const parse = PARSERS[table]
  if (!parse) throw new Error(`there are no checks of ${table}`)
  return parse(fields)
}

const PARSERS: Record<string, (fields: Fields) => TableRow> = {
  booking: (f) => ({
    table: 'booking',
    row: {
      ...{ ...ids(f), ...span(f), serviceId: text(f, 'service_id'), providerId: text(f, 'provider_id') },
      ...{ customerId: text(f, 'customer_id'), customerName: text(f, 'customer_name'), state: text(f, 'state') },
      ...{ seats: Number(f['seats']), sequence: Number(f['sequence']), claimsTime: f['claims_time'] === true },
    },
  }),
  claim: (f) => ({
    table: 'claim',
    row: {
      ...{ ...ids(f), ...span(f), subjectId: text(f, 'subject_id'), unit: Number(f['unit']) },
      ...{ beforeMin: Number(f['before_min']), afterMin: Number(f['after_min']) },
      ...{ ...takers(f), sessionId: textOrNull(f, 'session_id') },
    },
  }),
  seat: (f) => ({
    table: 'seat',
    row: {
      ...{ organizationId: text(f, 'organization_id'), sessionId: text(f, 'session_id') },
      ...{ number: Number(f['number']), ...takers(f) },
    },
  }),
  hold: (f) => ({
    table: 'hold',
    row: {
      ...{ ...ids(f), ...span(f), serviceId: text(f, 'service_id'), providerId: text(f, 'provider_id') },
      ...{ seats: Number(f['seats']), expiresMs: Date.parse(text(f, 'expires_at')) },
    },
  }),
  group_session: (f) => ({
    table: 'group_session',
    row: {
      ...{ ...ids(f), ...span(f), serviceId: text(f, 'service_id'), providerId: text(f, 'provider_id') },
      capacity: Number(f['capacity']),
    },
  }),
  idempotency_key: (f) => ({
    table: 'idempotency_key',
    row: { organizationId: text(f, 'organization_id'), key: text(f, 'key'), body: object(f, 'body') },
  }),
  audit_event: (f) => ({
    table: 'audit_event',
    row: {
      ...{ ...ids(f), actorKind: text(f, 'actor_kind'), action: text(f, 'action'), entity: text(f, 'entity') },
      ...{ entityId: text(f, 'entity_id'), detail: object(f, 'detail') },
    },
  }),
  message: (f) => ({
    table: 'message',
    row: {
      ...{ ...ids(f), bookingId: textOrNull(f, 'booking_id'), wishId: textOrNull(f, 'wish_id'), kind: text(f, 'kind') },
      ...{ audience: text(f, 'audience'), recipient: text(f, 'recipient') },
    },
  }),
  wish: (f) => ({
    table: 'wish',
    row: {
      ...{ ...ids(f), serviceId: text(f, 'service_id'), customerName: text(f, 'customer_name') },
      ...{ seats: Number(f['seats']), state: text(f, 'state') },
      ...{ earlierId: textOrNull(f, 'earlier_id'), bookingId: textOrNull(f, 'booking_id') },
    },
  }),
  wish_offer: (f) => ({
    table: 'wish_offer',
    row: {
      ...{ ...ids(f), ...span(f), wishId: text(f, 'wish_id'), holdId: text(f, 'hold_id') },
      ...{ providerId: text(f, 'provider_id'), state: text(f, 'state') },
    },
  }),
}

const ids = (fields: Fields) => ({ organizationId: text(fields, 'organization_id'), id: text(fields, 'id') })

const span = (fields: Fields) => ({
  startMs: Date.parse(text(fields, 'starts_at')),
  endMs: Date.parse(text(fields, 'ends_at')),
})

const takers = (fields: Fields) => ({
  bookingId: textOrNull(fields, 'booking_id'),
  holdId: textOrNull(fields, 'hold_id'),
})

function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw new Error(`${name} is ${JSON.stringify(value)} and no text`)
  return value
}

function textOrNull(fields: Fields, name: string): string | null {
  return fields[name] === null || fields[name] === undefined ? null : text(fields, name)
}

function object(fields: Fields, name: string): Record<string, unknown> {
  const value = fields[name]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
