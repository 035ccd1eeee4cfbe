import { findUnexplained } from './attribution.ts'
import type { Check } from './finding.ts'
import { findLostHolds } from './holds.ts'
import { findLimitsExceeded } from './limits.ts'
import { findNeedlessRepeats, findOvertaking, findUnsent } from './mail.ts'
import { findKeyTrouble, findWrongBookings } from './once.ts'
import { findOverlaps, findOverlapsEver } from './overlap.ts'
import { findWrongReads } from './reads.ts'
import { findRecordGaps } from './record.ts'
import { findBookedTimeOff, findBrokenTrail, findStuck, findUnfairAnswers, findUnkeptOffers } from './rest.ts'
import { findOversoldSeats } from './seats.ts'
import { findUntoldSteps } from './steps.ts'
import { findTornBundles } from './together.ts'
import { findBrokenWaiting } from './waiting.ts'
import { findHalves } from './whole.ts'

/** Every invariant. Another one is a line here. */
export const CHECKS: Check[] = [
  { claim: 'the record of changes leads to what is in the database', find: findRecordGaps },
  { claim: 'no two claims of a unit overlap', find: findOverlaps },
  { claim: 'no two claims of a unit overlapped at any moment', find: findOverlapsEver },
  { claim: 'no seat was sold twice, no session oversold', find: findOversoldSeats },
  { claim: 'every booking, hold and session was whole or absent', find: findHalves },
  { claim: 'no limit was exceeded', find: findLimitsExceeded },
  { claim: 'every change was told in its own transaction', find: findUntoldSteps },
  { claim: 'acknowledged is done, refused is not, unknown at most once', find: findUnexplained },
  { claim: 'every answer showed what was true at the time', find: findWrongReads },
  { claim: 'one request made one booking, as asked for', find: findWrongBookings },
  { claim: 'series and visits were booked as one, as agreed', find: findTornBundles },
  { claim: 'who waited was offered what was held for them, and got what they took', find: findBrokenWaiting },
  { claim: 'a key kept its answer', find: findKeyTrouble },
  { claim: 'holds held, and none is left', find: findLostHolds },
  { claim: 'every message was sent and arrived', find: findUnsent },
  { claim: 'no message came twice without need', find: findNeedlessRepeats },
  { claim: 'no news overtook earlier ones', find: findOvertaking },
  { claim: 'the audit trail is sealed and unbroken', find: findBrokenTrail },
  { claim: 'nothing is stuck', find: findStuck },
  { claim: 'the server never failed, and refused for fair reasons', find: findUnfairAnswers },
  { claim: 'nothing was booked into time off', find: findBookedTimeOff },
  { claim: 'what is offered is bookable', find: findUnkeptOffers },
]
