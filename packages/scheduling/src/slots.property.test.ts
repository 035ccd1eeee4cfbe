import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cases } from '../test/cases.ts'
import { oracleSlots, type OracleCase } from '../test/oracle.ts'
import { checkStart, expandSchedule, findSlots, spanSet, type SlotQuery } from './index.ts'

/** More of them: PROPERTY_CASES=20000 npx vitest run --project unit packages/scheduling */
const RUNS = Number(process.env['PROPERTY_CASES'] ?? 300)
const SEED = 20260329

describe('the engine and the minute-by-minute oracle agree', () => {
  test('on every start and on who can serve it', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(cases, (ask) => {
        const slots = findSlots(queryOf(ask))
        const found = Array.from(slots.startsMs, (startMs, index) => ({ startMs, providers: slots.providersAt(index) }))
        expect(found).toEqual(oracleSlots(ask))
      }),
      { numRuns: RUNS, seed: SEED },
    )
  })

  test('on single starts: what is listed can be booked, and nothing else', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(cases, fc.nat({ max: 576 }), (ask, at) => {
        const startMs = Date.parse(`${ask.fromDate}T00:00Z`) + at * 5 * 60_000
        const { ok } = checkStart(queryOf({ ...ask, fromMs: -Infinity, toMs: Infinity }), startMs)
        const wide = { ...ask, fromMs: startMs, toMs: startMs + 1 }
        expect(ok).toBe(oracleSlots(wide).length > 0)
      }),
      { numRuns: RUNS, seed: SEED },
    )
  })
})

function queryOf(ask: OracleCase): SlotQuery {
  const { fromDate, toDate, serviceHours, providers, pools, windowEndMs, ...rest } = ask
  return {
    ...rest,
    ...(windowEndMs !== Infinity && { windowEndMs }),
    ...(serviceHours && { serviceHours: expandSchedule(serviceHours, fromDate, toDate) }),
    providers: providers.map(({ schedule, busy }, index) => ({
      id: String(index),
      hours: expandSchedule(schedule, fromDate, toDate),
      busy: spanSet(busy),
    })),
    pools: pools.map(({ count, units }) => ({ count, units: units.map((busy) => spanSet(busy)) })),
  }
}
