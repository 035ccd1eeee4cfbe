/**
 * Tries the engine's properties on very many random cases, other ones every time, and on the fixed ones.
 *
 *   npm run test:properties
 *   PROPERTY_CASES=1000000 PROPERTY_SEED=42 npm run test:properties
 */
import { randomInt } from 'node:crypto'
import { hold, PROPERTIES } from './properties.ts'
import { caseOfSeed, SEEDS } from './seeds.ts'

const CASES = Number(process.env['PROPERTY_CASES'] ?? 100_000)
const SEED = Number(process.env['PROPERTY_SEED'] ?? randomInt(2 ** 31 - 1))
const AT_ONCE = 500

const startMs = performance.now()
const seconds = () => ((performance.now() - startMs) / 1000).toFixed(0)
const perProperty = Math.ceil(CASES / PROPERTIES.length)

console.log(`${PROPERTIES.length} properties, ${perProperty} random cases of each; PROPERTY_SEED=${SEED}`)
for (const seed of SEEDS) {
  for (const { name, holds } of PROPERTIES)
    told(`${name}, of fixed case ${seed.seed}`, () => holds(caseOfSeed(seed), seed.seed))
}
console.log(`${SEEDS.length} fixed cases hold (${seconds()} s)`)

let tried = 0
for (const [index, property] of PROPERTIES.entries()) {
  // Every property, and every batch, has cases of its own.
  for (let done = 0; done < perProperty; done += AT_ONCE) {
    const numRuns = Math.min(AT_ONCE, perProperty - done)
    told(property.name, () => hold(property, { seed: SEED + index * CASES + done, numRuns }))
    tried += numRuns
    process.stdout.write('.')
  }
  console.log(` ${tried} cases: ${property.name} (${seconds()} s)`)
}
console.log(`${tried} random cases in all, and ${SEEDS.length} fixed ones: every property holds`)

/** Says which property does not hold before the error says why. */
function told(name: string, run: () => void): void {
  try {
    run()
  } catch (error) {
    console.error(`\nDoes not hold: ${name}. See it again with PROPERTY_SEED=${SEED} PROPERTY_CASES=${CASES}`)
    throw error
  }
}
