import { describe, test } from 'vitest'
import { hold, PROPERTIES } from '../test/properties.ts'

/** How many random cases are tried in all; many more: npm run test:properties */
const CASES = Number(process.env['PROPERTY_CASES'] ?? 2000)
const SEED = 20260329

describe('over random cases around the changes of the clocks', () => {
  test.each(PROPERTIES)('$name', { timeout: 600_000 }, (property) => {
    hold(property, { seed: SEED, numRuns: Math.ceil(CASES / PROPERTIES.length) })
  })
})
