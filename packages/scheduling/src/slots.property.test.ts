import { describe, expect, test } from 'vitest'
import { hold, PROPERTIES } from '../test/properties.ts'
import { caseOfSeed, SEEDS } from '../test/seeds.ts'

/** How many random cases are tried in all; very many, other ones every time: npm run test:properties */
const CASES = Number(process.env['PROPERTY_CASES'] ?? 2000)
const SEED = 20260329

describe('over random cases around the changes of the clocks', () => {
  test.each(PROPERTIES)('$name', { timeout: 600_000 }, (property) => {
    hold(property, { seed: SEED, numRuns: Math.ceil(CASES / PROPERTIES.length) })
  })
})

describe('all of that holds for', () => {
  test.each(SEEDS)('$reason', { timeout: 60_000 }, (seed) => {
    const ask = caseOfSeed(seed)
    expect(seed.shows(ask)).toBe(true)
    for (const { holds } of PROPERTIES) holds(ask, seed.seed)
  })
})
