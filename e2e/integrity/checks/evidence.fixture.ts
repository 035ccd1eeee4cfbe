import type { Business, Service } from '../clients/business.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Tables } from '../evidence/rows.ts'
import type { RowChange, Transaction } from '../evidence/timeline.ts'
import type { Entry } from '../history.ts'

/** Evidence of a run in which all went well, for tests that put one thing wrong. */

export const DAY_MS = Date.parse('2026-03-03T00:00:00Z')
export const at = (hours: number) => DAY_MS + hours * 3_600_000

const service = (slug: string, changes: Partial<Service> = {}): Service => ({
  ...{ id: slug, slug, lengthMin: 60, stepMin: 30, capacity: 1, providers: ['ada'] },
  needs: [{ count: 1, subjects: ['ada'] }],
  limits: { perDay: undefined, perCustomerDay: undefined },
  ...changes,
})

export const business: Business = {
  ...{ slug: 'north', id: 'north', timeZone: 'UTC', cookie: '', providers: ['ada', 'ben'], room: 'room' },
  ...{ scheduleId: 'hours', dates: ['2026-03-03'], pastDate: '2026-03-01', providerLimits: [{ id: 'ben', perDay: 1 }] },
  services: [
    service('cut'),
    service('surgery', {
      needs: [
        { count: 2, subjects: ['ada', 'ben'] },
        { count: 1, subjects: ['room'] },
      ],
    }),
    service('class', { capacity: 3 }),
    service('rare', { limits: { perDay: 1, perCustomerDay: undefined } }),
  ],
}

export const booking = (changes: Partial<Tables['booking']> = {}): Tables['booking'] => ({
  ...{
    organizationId: 'north',
    id: 'b1',
    serviceId: 'cut',
    providerId: 'ada',
    customerId: 'k1',
    customerName: 'Client #1-0',
  },
  ...{ state: 'confirmed', startMs: at(9), endMs: at(10), seats: 1, sequence: 0, claimsTime: true },
  ...changes,
})

export const claim = (changes: Partial<Tables['claim']> = {}): Tables['claim'] => ({
  ...{ organizationId: 'north', id: 'c1', subjectId: 'ada', unit: 1, startMs: at(9), endMs: at(10) },
  ...{ beforeMin: 0, afterMin: 0, bookingId: 'b1', holdId: null, sessionId: null },
  ...changes,
})

export const hold = (changes: Partial<Tables['hold']> = {}): Tables['hold'] => ({
  ...{ organizationId: 'north', id: 'h1', serviceId: 'cut', providerId: 'ada', seats: 1 },
  ...{ startMs: at(9), endMs: at(10), expiresMs: at(1) },
  ...changes,
})

export const session = (changes: Partial<Tables['group_session']> = {}): Tables['group_session'] => ({
  ...{
    organizationId: 'north',
    id: 's1',
    serviceId: 'class',
    providerId: 'ada',
    startMs: at(9),
    endMs: at(10),
    capacity: 3,
  },
  ...changes,
})

export const seat = (number: number, changes: Partial<Tables['seat']> = {}): Tables['seat'] => ({
  ...{ organizationId: 'north', sessionId: 's1', number, bookingId: 'b1', holdId: null },
  ...changes,
})

export const event = (action: string, changes: Partial<Tables['audit_event']> = {}): Tables['audit_event'] => ({
  ...{ organizationId: 'north', id: `e ${action}`, actorKind: 'customer', action, entity: 'booking', entityId: 'b1' },
  ...{ detail: {}, ...changes },
})

export const message = (kind: string, audience: string): Tables['message'] => ({
  ...{
    organizationId: 'north',
    id: `m ${kind} ${audience}`,
    bookingId: 'b1',
    wishId: null,
    kind,
    audience,
    recipient: `${audience}@example.com`,
  },
})

export const key = (name: string, body: Record<string, unknown>): Tables['idempotency_key'] => ({
  ...{ organizationId: 'north', key: name, body },
})

export const wish = (changes: Partial<Tables['wish']> = {}): Tables['wish'] => ({
  ...{ organizationId: 'north', id: 'w1', serviceId: 'cut', customerName: 'Client #3-0', seats: 1 },
  ...{ state: 'waiting', earlierId: null, bookingId: null },
  ...changes,
})

export const offer = (changes: Partial<Tables['wish_offer']> = {}): Tables['wish_offer'] => ({
  ...{ organizationId: 'north', id: 'o1', wishId: 'w1', holdId: 'h1', providerId: 'ada' },
  ...{ startMs: at(9), endMs: at(10), state: 'open' },
  ...changes,
})

type Made = { [Table in keyof Tables]: (row: Tables[Table]) => RowChange }

const change = (op: RowChange['op']): Made => ({
  booking: (row) => ({ op, table: 'booking', row }),
  claim: (row) => ({ op, table: 'claim', row }),
  hold: (row) => ({ op, table: 'hold', row }),
  seat: (row) => ({ op, table: 'seat', row }),
  group_session: (row) => ({ op, table: 'group_session', row }),
  audit_event: (row) => ({ op, table: 'audit_event', row }),
  message: (row) => ({ op, table: 'message', row }),
  idempotency_key: (row) => ({ op, table: 'idempotency_key', row }),
  wish: (row) => ({ op, table: 'wish', row }),
  wish_offer: (row) => ({ op, table: 'wish_offer', row }),
})

export const made = change('insert')
export const changed = change('update')
export const gone = change('delete')

/** Changes that were committed together, that many seconds after the day began. */
export const transaction = (second: number, ...changes: RowChange[]): Transaction => ({
  ...{ id: String(second), atMs: DAY_MS + second * 1_000, changes },
})

/** A booking that was asked for in the first second of the day, and acknowledged in the third. */
export const booked = (changes: Partial<Entry> = {}): Entry => ({
  ...{ number: 1, client: 1, kind: 'book', organization: 'north', key: 'k' },
  effect: {
    ...{ kind: 'book', tag: '#1-0', service: 'cut', startMs: at(9), seats: 1, holdId: undefined },
    change: { entity: 'booking', entityId: undefined, actions: ['booking.created'], detail: {} },
  },
  ...{ invokedMs: DAY_MS + 1_000, lastSentMs: DAY_MS + 1_000, endedMs: DAY_MS + 3_000, tries: 1, lost: 0, failed: 0 },
  ...{ outcome: 'done', status: 201, code: undefined },
  told: { id: 'b1', state: 'confirmed', start: '2026-03-03T09:00:00Z', provider: 'ada', seats: 1 },
  ...changes,
})

/** What a booking writes. */
export const written = (): RowChange[] => [
  made.booking(booking()),
  made.claim(claim()),
  made.audit_event(event('booking.created')),
  made.message(message('booking.confirmation', 'customer')),
  made.message(message('booking.confirmation', 'provider')),
  made.idempotency_key(key('k', { id: 'b1' })),
]

/** One booking, as it should be. */
export function goodEvidence(): Evidence {
  const tables = written().flatMap(({ op: _op, ...row }) => (row.table === 'message' ? [] : [row]))
  const sent = (audience: string) => ({
    ...{ id: `m booking.confirmation ${audience}`, bookingId: 'b1', recipient: `${audience}@example.com` },
    ...{ state: 'sent', sequence: 0, lastError: null },
  })
  const ledger = [sent('customer'), sent('provider')]
  return {
    ...{ businesses: [business], history: [booked(), booked(PROBE)], faults: [] },
    timeline: [transaction(2, ...written()), transaction(5, ...probeWritten())],
    tables: [...tables, ...probeRows()],
    ledger,
    deliveries: ledger.map(({ id }, index) => ({ messageId: id, atMs: DAY_MS + 4_000 + index })),
    ...{ jobs: [], audit: { exitCode: 0, output: '', unsealed: 0 } },
  }
}

const PROBE_START = '2026-03-03T12:00:00Z'

const PROBE: Partial<Entry> = {
  ...{ kind: 'probe: book', key: 'p', invokedMs: DAY_MS + 4_500, lastSentMs: DAY_MS + 4_500, endedMs: DAY_MS + 6_000 },
  effect: {
    ...{ kind: 'book', tag: '#9-0', service: 'cut', startMs: at(12), seats: 1, holdId: undefined },
    change: { entity: 'booking', entityId: undefined, actions: ['booking.created'], detail: {} },
  },
  told: { id: 'p1', state: 'confirmed', start: PROBE_START, provider: 'ada', seats: 1 },
}

function probeWritten(): RowChange[] {
  const span = { startMs: at(12), endMs: at(13) }
  return [
    made.booking(booking({ id: 'p1', customerName: 'Client #9-0', ...span })),
    made.claim(claim({ id: 'c9', bookingId: 'p1', ...span })),
    made.audit_event(event('booking.created', { id: 'e9', entityId: 'p1' })),
    made.message({ ...message('booking.confirmation', 'customer'), bookingId: 'p1' }),
    made.message({ ...message('booking.confirmation', 'provider'), bookingId: 'p1' }),
    made.idempotency_key(key('p', { id: 'p1' })),
  ]
}

function probeRows() {
  return probeWritten().flatMap(({ op: _op, ...row }) => (row.table === 'message' ? [] : [row]))
}
