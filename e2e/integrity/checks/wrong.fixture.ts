import type { Evidence } from '../evidence/evidence.ts'
import type { RowChange } from '../evidence/timeline.ts'
import type { Entry } from '../history.ts'
import * as made from './evidence.fixture.ts'
import {
  at,
  booked,
  booking,
  claim,
  DAY_MS,
  event,
  hold,
  offer,
  seat,
  session,
  transaction,
  wish,
} from './evidence.fixture.ts'

/** What each check must notice: evidence of a run that went well, with one thing put wrong. */
/** What is wrong, the check that must notice, and the evidence of it. */
export type Case = [wrong: string, check: string, spoil: (evidence: Evidence) => Partial<Evidence>]

const then = ({ timeline }: Evidence, ...changes: RowChange[]) => ({
  timeline: [...timeline, transaction(20, ...changes)],
})
const asked = ({ history }: Evidence, changes: Partial<Entry>) => ({
  history: [...history, booked({ number: 2, key: 'k2', ...changes })],
})
const instead = ({ history }: Evidence, changes: Partial<Entry>) => ({
  history: [booked(changes), ...history.slice(1)],
})
const without = ({ timeline }: Evidence, unwanted: (change: RowChange) => boolean) => ({
  timeline: timeline.map((one) => ({ ...one, changes: one.changes.filter((change) => !unwanted(change)) })),
})
const tag = (name: string, startMs = at(9)): Entry['effect'] => ({
  ...{ kind: 'book', tag: name, service: 'cut', startMs, seats: 1, holdId: undefined },
  change: { entity: 'booking', entityId: undefined, actions: ['booking.created'], detail: {} },
})
const moved = (entityId: string): Entry['effect'] => ({
  ...{ kind: 'change', change: { entity: 'booking', entityId, actions: ['booking.moved'], detail: {} } },
})
const pair = () => ['b2', 'b3'].map((id) => made.made.booking(booking({ id, customerName: 'Client #2-0' })))
const series = (ids: string[], total = 3): Partial<Entry> => ({
  effect: {
    ...{ kind: 'together', tag: '#2-0', total, mayLeave: false },
    change: { entity: 'booking', entityId: undefined, actions: ['booking.created'], detail: {} },
  },
  told: { id: 'bundle', bookings: ids.map((id) => ({ id })) },
})
const waits = (action: string) => made.made.audit_event(event(action, { entity: 'wish', entityId: 'w1' }))
const closed = () => made.changed.wish_offer(offer({ state: 'declined' }))
const OTHER = { id: 'b2', customerName: 'Client #2-0' }

export const CASES: Case[] = [
  [
    'a row that nothing made',
    'the record of changes',
    (good) => ({ tables: [...good.tables, { table: 'hold', row: hold() }] }),
  ],
  ['a row that vanished', 'the record of changes', (good) => ({ tables: good.tables.slice(1) })],
  [
    'a row that changed unseen',
    'the record of changes',
    ({ tables: [, ...rest] }) => ({ tables: [{ table: 'booking', row: booking({ seats: 2 }) }, ...rest] }),
  ],
  [
    'two claims of one person',
    'no two claims of a unit overlap',
    (good) => ({
      tables: [...good.tables, { table: 'claim', row: claim({ id: 'c2', startMs: at(9.5), endMs: at(11) }) }],
    }),
  ],
  [
    'two claims of one person that were put right later',
    'no two claims of a unit overlapped at any moment',
    (good) => {
      const other = claim({ id: 'c2', bookingId: null, holdId: 'h1' })
      return {
        timeline: [...good.timeline, transaction(20, made.made.claim(other)), transaction(21, made.gone.claim(other))],
      }
    },
  ],
  [
    'a seat sold twice',
    'no seat was sold twice',
    (good) =>
      then(
        good,
        made.made.group_session(session()),
        made.made.seat(seat(1)),
        made.made.seat(seat(1, { bookingId: 'b2' })),
      ),
  ],
  [
    'a seat that there is not',
    'no seat was sold twice',
    (good) => then(good, made.made.group_session(session()), made.made.seat(seat(4))),
  ],
  ['a booking without its claim', 'whole or absent', (good) => without(good, ({ table }) => table === 'claim')],
  [
    'a cancelled booking that still claims',
    'whole or absent',
    (good) => then(good, made.changed.booking(booking({ state: 'cancelled' }))),
  ],
  ['a claim of another time', 'whole or absent', (good) => then(good, made.changed.claim(claim({ endMs: at(11) })))],
  [
    'two of three that are needed',
    'whole or absent',
    (good) =>
      then(
        good,
        made.made.booking(booking({ ...OTHER, serviceId: 'surgery', startMs: at(15), endMs: at(16) })),
        ...['ada', 'room'].map((subjectId) =>
          made.made.claim(claim({ id: `c ${subjectId}`, bookingId: 'b2', subjectId, startMs: at(15), endMs: at(16) })),
        ),
      ),
  ],
  [
    'fewer seats than booked',
    'whole or absent',
    (good) =>
      then(
        good,
        made.made.group_session(session({ startMs: at(15), endMs: at(16) })),
        made.made.claim(claim({ id: 'c2', bookingId: null, sessionId: 's1', startMs: at(15), endMs: at(16) })),
        made.made.booking(booking({ ...OTHER, serviceId: 'class', seats: 2, startMs: at(15), endMs: at(16) })),
        made.made.seat(seat(1, { bookingId: 'b2' })),
      ),
  ],
  ['a session of nobody', 'whole or absent', (good) => then(good, made.made.group_session(session()))],
  [
    'more a day than the service allows',
    'no limit was exceeded',
    (good) => ({
      timeline: [
        ...good.timeline,
        transaction(20, made.made.booking(booking({ id: 'r1', serviceId: 'rare' }))),
        transaction(21, made.made.booking(booking({ id: 'r2', serviceId: 'rare', startMs: at(11), endMs: at(12) }))),
      ],
    }),
  ],
  [
    'more a day than the provider allows',
    'no limit was exceeded',
    (good) => ({
      timeline: [
        ...good.timeline,
        transaction(20, made.made.claim(claim({ id: 'c2', subjectId: 'ben' }))),
        transaction(21, made.made.claim(claim({ id: 'c3', subjectId: 'ben', startMs: at(11), endMs: at(12) }))),
      ],
    }),
  ],
  [
    'a change without an event',
    'every change was told',
    (good) => without(good, ({ table }) => table === 'audit_event'),
  ],
  [
    'a change without its message',
    'every change was told',
    (good) => without(good, ({ table }) => table === 'message'),
  ],
  [
    'an event that says otherwise',
    'every change was told',
    (good) =>
      then(good, made.changed.booking(booking({ sequence: 1 })), made.made.audit_event(event('booking.cancelled'))),
  ],
  [
    'an acknowledged booking without an event',
    'acknowledged is done',
    (good) => without(good, ({ table }) => table === 'audit_event'),
  ],
  ['an event long after the answer', 'acknowledged is done', (good) => instead(good, { endedMs: DAY_MS + 1_500 })],
  [
    'a refused change that was made',
    'acknowledged is done',
    (good) => instead(good, { outcome: 'refused', status: 409 }),
  ],
  ['an acknowledged change that was not made', 'acknowledged is done', (good) => asked(good, { effect: moved('b1') })],
  [
    'a change that nobody asked for',
    'acknowledged is done',
    (good) => then(good, made.made.audit_event(event('booking.moved'))),
  ],
  [
    'a series of which one is missing',
    'series and visits',
    (good) => ({
      history: [...good.history, booked({ key: 'k2', ...series(['b2', 'b3']) })],
      ...then(good, ...pair()),
    }),
  ],
  [
    'a visit that came in two parts',
    'series and visits',
    (good) => {
      const [first, second] = pair()
      const parts = [first, second].flatMap((one, index) => (one ? [transaction(20 + index, one)] : []))
      const history = [...good.history, booked({ key: 'k2', ...series(['b2', 'b3'], 2) })]
      return { history, timeline: [...good.timeline, ...parts] }
    },
  ],
  ['a wish that nothing tells of', 'who waited', (good) => then(good, made.made.wish(wish({ state: 'withdrawn' })))],
  [
    'an offer that nobody holds',
    'who waited',
    (good) => ({
      timeline: [
        ...good.timeline,
        transaction(20, made.made.wish(wish()), waits('wish.created')),
        transaction(
          21,
          made.changed.wish(wish({ state: 'offered' })),
          made.made.wish_offer(offer()),
          waits('wish.offered'),
        ),
        transaction(22, made.changed.wish(wish({ state: 'withdrawn' })), closed(), waits('wish.withdrawn')),
      ],
    }),
  ],
  [
    'an answer that shows what never was',
    'every answer showed',
    (good) => asked(good, { effect: { kind: 'read', bookingId: 'b1' }, told: { id: 'b1', state: 'cancelled' } }),
  ],
  [
    'an answer that shows what was before',
    'every answer showed',
    (good) => ({
      timeline: [...good.timeline, transaction(20, made.changed.booking(booking({ state: 'cancelled', sequence: 1 })))],
      history: [
        ...good.history,
        booked({
          ...{ effect: { kind: 'read', bookingId: 'b1' }, told: { id: 'b1', state: 'confirmed' } },
          ...{ invokedMs: DAY_MS + 25_000, endedMs: DAY_MS + 26_000 },
        }),
      ],
    }),
  ],
  [
    'two bookings for one request',
    'one request made one booking',
    (good) => ({ tables: [...good.tables, { table: 'booking', row: booking({ id: 'b2' }) }] }),
  ],
  [
    'an acknowledged booking that is lost',
    'one request made one booking',
    (good) => ({ tables: good.tables.slice(1) }),
  ],
  ['a refused booking that is there', 'one request made one booking', (good) => instead(good, { outcome: 'refused' })],
  [
    'another time than was asked for',
    'one request made one booking',
    (good) => instead(good, { effect: tag('#1-0', at(8)) }),
  ],
  [
    'a booking that nobody asked for',
    'one request made one booking',
    (good) => ({ tables: [...good.tables, { table: 'booking', row: booking(OTHER) }] }),
  ],
  [
    'an answer that is not kept',
    'a key kept its answer',
    (good) => without(good, ({ table }) => table === 'idempotency_key'),
  ],
  [
    'another answer for the same request',
    'a key kept its answer',
    (good) => asked(good, { effect: { kind: 'repeat', answerId: 'b7' } }),
  ],
  [
    'a used key that takes another request',
    'a key kept its answer',
    (good) => asked(good, { key: 'k', effect: { kind: 'reuse' } }),
  ],
  [
    'a retry that is refused after the first try was fulfilled',
    'a key kept its answer',
    (good) =>
      instead(good, { outcome: 'refused', lost: 1, tries: 2, lastSentMs: DAY_MS + 10_000, endedMs: DAY_MS + 11_000 }),
  ],
  [
    'a hold that ended too early',
    'holds held',
    (good) => ({
      timeline: [...good.timeline, transaction(20, made.made.hold(hold())), transaction(21, made.gone.hold(hold()))],
      history: [...good.history, booked({ key: 'kh', effect: { kind: 'hold' }, told: { id: 'h1' } })],
    }),
  ],
  [
    'an expired hold that is left',
    'holds held',
    (good) => ({ tables: [...good.tables, { table: 'hold', row: hold() }] }),
  ],
  [
    'an acknowledged hold that was not made',
    'holds held',
    (good) => asked(good, { effect: { kind: 'hold' }, told: { id: 'h7' } }),
  ],
  [
    'a message that is still queued',
    'every message was sent',
    ({ ledger }) => ({ ledger: ledger.map((row) => ({ ...row, state: 'queued' })) }),
  ],
  ['a message that never arrived', 'every message was sent', ({ deliveries }) => ({ deliveries: deliveries.slice(1) })],
  [
    'a message that nobody queued',
    'every message was sent',
    ({ deliveries }) => ({ deliveries: [...deliveries, { messageId: 'm7', atMs: DAY_MS }] }),
  ],
  [
    'a message that came twice',
    'no message came twice',
    ({ deliveries }) => ({ deliveries: [...deliveries, ...deliveries.slice(0, 1)] }),
  ],
  [
    'a cancellation before the confirmation',
    'no news overtook',
    ({ ledger, deliveries }) => ({
      ledger: [...ledger, ...ledger.slice(0, 1).map((row) => ({ ...row, id: 'm2', sequence: 1 }))],
      deliveries: [{ messageId: 'm2', atMs: DAY_MS }, ...deliveries],
    }),
  ],
  ['a broken chain', 'the audit trail', () => ({ audit: { exitCode: 1, output: 'broken at event e1', unsealed: 0 } })],
  ['events that are not sealed', 'the audit trail', () => ({ audit: { exitCode: 0, output: '', unsealed: 3 } })],
  [
    'a job that is left',
    'nothing is stuck',
    () => ({
      jobs: [
        {
          id: '1',
          task: 'messages.deliver',
          attempts: 25,
          maxAttempts: 25,
          lockedBy: null,
          lockedAt: null,
          lastError: null,
        },
      ],
    }),
  ],
  [
    'a key without an answer',
    'nothing is stuck',
    (good) => ({ tables: [...good.tables, { table: 'idempotency_key', row: made.key('k7', {}) }] }),
  ],
  ['a failure of the server', 'the server never failed', (good) => instead(good, { failed: 1, lost: 1 })],
  [
    'a member who was signed out',
    'the server never failed',
    (good) => asked(good, { effect: { kind: 'none' }, outcome: 'refused', status: 401, code: 'auth.required' }),
  ],
  [
    'a booking into time off',
    'nothing was booked into time off',
    (good) => ({
      history: [
        booked({
          effect: {
            kind: 'change',
            change: {
              ...{ entity: 'time_off', entityId: undefined, actions: ['time_off.created'] },
              detail: { startsAt: '2026-03-03T09:30', subjectId: 'ada' },
            },
          },
          ...{ told: { id: 'off' }, invokedMs: DAY_MS, endedMs: DAY_MS + 500 },
        }),
        ...good.history,
      ],
    }),
  ],
  [
    'an offer that was not kept',
    'what is offered',
    (good) => asked(good, { kind: 'probe: book', effect: tag('#2-0'), outcome: 'refused' }),
  ],
  ['no offer at all', 'what is offered', ({ history }) => ({ history: history.slice(0, 1) })],
]
