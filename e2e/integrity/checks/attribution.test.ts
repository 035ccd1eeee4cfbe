import { expect, test } from 'vitest'
import type { Evidence } from '../evidence/evidence.ts'
import type { Entry } from '../history.ts'
import { findUnexplained } from './attribution.ts'
import { booked, booking, changed, DAY_MS, event, goodEvidence, made, transaction } from './evidence.fixture.ts'

type More = (evidence: Evidence) => Partial<Evidence>

const violationsWith = (more: More) => findUnexplained({ ...goodEvidence(), ...more(goodEvidence()) }).violations

const reassigned = (entityId: string, detail: Record<string, unknown> = {}): Entry['effect'] => ({
  ...{ kind: 'change', change: { entity: 'booking', entityId, actions: ['booking.reassigned'], detail } },
})
const given = (to: string) => [
  changed.booking(booking({ providerId: to, sequence: 1 })),
  made.audit_event(event('booking.reassigned', { id: `e ${to}`, detail: { from: 'ada', to } })),
]
const givenAway = (provider: string): Partial<Entry> => ({
  effect: { kind: 'many', providerId: 'ada', action: 'booking.reassigned' },
  told: { items: [{ booking: 'b1', provider }] },
  endedMs: DAY_MS + 30_000,
})
const FINE: [fine: string, more: More][] = [
  [
    'two who gave one booking away at the same time, of whom the second names whom the first gave it to',
    (good) => ({
      history: [
        ...good.history,
        booked({ key: 'k2', ...givenAway('ben') }),
        booked({ key: 'k3', effect: reassigned('b1'), endedMs: DAY_MS + 30_000 }),
      ],
      timeline: [...good.timeline, transaction(20, ...given('ben'))],
    }),
  ],
  [
    'two events, of which the one who said less could have had either',
    (good) => ({
      history: [
        ...good.history,
        booked({ key: 'k2', effect: reassigned('b1'), endedMs: DAY_MS + 30_000 }),
        booked({ key: 'k3', effect: reassigned('b1', { to: 'ben' }), endedMs: DAY_MS + 30_000 }),
      ],
      timeline: [...good.timeline, transaction(20, ...given('ben')), transaction(21, ...given('cy'))],
    }),
  ],
]

test.each(FINE)('no operation is blamed for %s', (_fine, more) => {
  expect(violationsWith(more)).toEqual([])
})

test('who names somebody to whom a booking was never given is found', () => {
  const more: More = ({ history }) => ({ history: [...history, booked({ key: 'k2', ...givenAway('cy') })] })
  expect(violationsWith(more)).toEqual([expect.stringMatching(/^acknowledged, but never so/)])
})

test('of two who say that they gave it away, and one event, one is found', () => {
  const twice = ['k2', 'k3'].map((key) => booked({ key, effect: reassigned('b1'), endedMs: DAY_MS + 30_000 }))
  const more: More = ({ history, timeline }) => ({
    history: [...history, ...twice],
    timeline: [...timeline, transaction(20, ...given('ben'))],
  })
  expect(violationsWith(more)).toEqual([expect.stringMatching(/^acknowledged, but not in the trail/)])
})

test('of two events, and one who may have made one of them, one is found', () => {
  const once = booked({ key: 'k2', effect: reassigned('b1'), outcome: 'unknown', lost: 1 })
  const more: More = ({ history, timeline }) => ({
    history: [...history, once],
    timeline: [...timeline, transaction(20, ...given('ben')), transaction(21, ...given('cy'))],
  })
  expect(violationsWith(more)).toEqual([expect.stringMatching(/nobody asked for it/)])
})
