import fc from 'fast-check'
import { test } from 'vitest'
import { cases } from '../test/cases.ts'
import { offersOf } from '../test/oracle.ts'
import { goesThroughASeriesAsTheOracleDoes } from '../test/property-series.ts'

const RUNS = Math.ceil(Number(process.env['PROPERTY_CASES'] ?? 2000) / 10)
const SEED = 20261123

test('a series is what the oracle finds when it books one time after the other', { timeout: 600_000 }, () => {
  const picks = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(cases, picks, fc.nat({ max: 12 }), (ask, steps, odd) => {
      // Mostly times that are offered, so that they stand in each other's way.
      const offered = offersOf(ask).map(({ startMs }) => startMs)
      const around = [...offered, ask.nowMs + odd * 300_000]
      const starts = steps.map((step) => around[step % around.length] ?? 0).sort((a, b) => a - b)
      goesThroughASeriesAsTheOracleDoes(ask, starts)
    }),
    { numRuns: RUNS, seed: SEED },
  )
})
