import { expect, test } from 'vitest'
import type { Evidence } from '../evidence/evidence.ts'
import { CHECKS } from './checks.ts'
import * as made from './evidence.fixture.ts'
import { booking, event, goodEvidence, transaction } from './evidence.fixture.ts'
import { CASES } from './wrong.fixture.ts'

test('a run in which all went well contradicts nothing', () => {
  const evidence = goodEvidence()
  expect(CHECKS.map(({ claim: says, find }) => [says, find(evidence).violations])).toEqual(
    CHECKS.map(({ claim: says }) => [says, []]),
  )
})

test.each(CASES)('%s is noticed: %s', (_wrong, says, spoil) => {
  const evidence = goodEvidence()
  const check = CHECKS.find((one) => one.claim.includes(says))
  expect(check?.find({ ...evidence, ...spoil(evidence) }).violations.length).toBeGreaterThan(0)
})

test('every check has a case that it notices', () => {
  const unproven = CHECKS.filter((one) => !CASES.some(([, says]) => one.claim.includes(says)))
  expect(unproven).toEqual([])
})

test('what a member put past the rules goes over no limit, but counts', () => {
  const put = (second: number, id: string, action: string) =>
    transaction(
      second,
      made.made.booking(booking({ id, serviceId: 'rare' })),
      made.made.audit_event(event(action, { entityId: id })),
    )
  const find = CHECKS.find((one) => one.claim === 'no limit was exceeded')?.find
  const found = (timeline: Evidence['timeline']) => find?.({ ...goodEvidence(), timeline }).violations.length
  expect(found([put(1, 'r1', 'booking.created'), put(2, 'r2', 'booking.created_by_override')])).toBe(0)
  expect(found([put(1, 'r1', 'booking.created_by_override'), put(2, 'r2', 'booking.created')])).toBe(1)
})

test('a second delivery is excused by a fault between the two, which is noted', () => {
  const good = goodEvidence()
  const [first] = good.deliveries
  const deliveries = first ? [first, { ...first, atMs: first.atMs + 5_000 }] : []
  const faults = [{ kind: 'worker-kill', fromMs: (first?.atMs ?? 0) + 1, toMs: (first?.atMs ?? 0) + 2_000 }]
  const finding = CHECKS.find((one) => one.claim.startsWith('no message came twice'))?.find({
    ...good,
    deliveries,
    faults,
  })
  expect(finding).toMatchObject({ violations: [], notes: [expect.stringContaining('1 delivered once more')] })
})
