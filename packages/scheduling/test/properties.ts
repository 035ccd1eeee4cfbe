import fc from 'fast-check'
import type { Case } from './case.ts'
import { cases } from './cases.ts'
import { listsWhatTheOracleOffers } from './property-listing.ts'

export type Property = {
  readonly name: string
  /** @param dice  for what is chosen at random beside the case */
  readonly holds: (ask: Case, dice: number) => void
}

export const PROPERTIES: readonly Property[] = [
  { name: 'what is listed is what the minute-by-minute oracle offers', holds: listsWhatTheOracleOffers },
]

/** One property over so many random cases. Fails with the smallest case that breaks it, and with how to see it again. */
export function hold({ holds }: Property, { seed, numRuns }: { seed: number; numRuns: number }): void {
  fc.assert(fc.property(cases, fc.nat(), holds), { seed, numRuns })
}
