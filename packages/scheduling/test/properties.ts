import fc from 'fast-check'
import type { Case } from './case.ts'
import { cases } from './cases.ts'
import { checksWhatTheOracleOffers, tellsEverything, tellsTheTruth, tellsThePublicNothing } from './property-check.ts'
import { listsWhatTheOracleOffers } from './property-listing.ts'
import {
  badInputIsARangeError,
  moreBusyTimeNeverAddsStarts,
  oneMoreCandidateNeverTakesStarts,
  orderAndExtentOfBusyTimesDoNotMatter,
  theQuestionIsLeftAsItWas,
  twoHalvesAreTheWhole,
  wholeWeeksLaterAllIsTheSame,
} from './property-same.ts'
import { windowsAreWholeLocalDays } from './property-window.ts'

export type Property = {
  readonly name: string
  /** @param dice  for what is chosen at random beside the case */
  readonly holds: (ask: Case, dice: number) => void
}

export const PROPERTIES: readonly Property[] = [
  { name: 'what is listed is what the minute-by-minute oracle offers', holds: listsWhatTheOracleOffers },
  { name: 'a start can be booked exactly when the oracle offers it', holds: checksWhatTheOracleOffers },
  { name: 'every reason told against a start is true', holds: tellsTheTruth },
  { name: 'a start is offered once all that is told against it is put right', holds: tellsEverything },
  { name: 'the public learns no ids, names or kinds', holds: tellsThePublicNothing },
  { name: 'more busy time never adds starts', holds: moreBusyTimeNeverAddsStarts },
  { name: 'one more candidate never takes starts', holds: oneMoreCandidateNeverTakesStarts },
  { name: 'a range asked about in two halves has the same starts', holds: twoHalvesAreTheWhole },
  {
    name: 'the order of busy times does not matter, nor whether their kinds are known',
    holds: orderAndExtentOfBusyTimesDoNotMatter,
  },
  { name: 'whole weeks later all is the same', holds: wholeWeeksLaterAllIsTheSame },
  { name: 'booking windows are whole local days', holds: windowsAreWholeLocalDays },
  { name: 'the question is left as it was', holds: theQuestionIsLeftAsItWas },
  { name: 'bad input is a RangeError', holds: badInputIsARangeError },
]

/** One property over so many random cases. Fails with the smallest case that breaks it, and with how to see it again. */
export function hold({ holds }: Property, { seed, numRuns }: { seed: number; numRuns: number }): void {
  fc.assert(fc.property(cases, fc.nat(), holds), { seed, numRuns })
}
