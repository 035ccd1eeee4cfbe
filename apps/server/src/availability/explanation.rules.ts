import { publicReason, type Absence, type LimitUse, type Refusal } from '@slotkeeper/scheduling'
import { roleOf, type Actor } from '../shared/actor.ts'
import { toInstantText } from '../shared/clock.ts'
import { refusalMessage } from './availability.errors.ts'
import type { AbsenceView, RefusalView } from './explanation.schemas.ts'
import type { Offer } from './offer.rules.ts'
import { takerOf } from './slot-query.rules.ts'

/** The reason that anybody may know and, for members, all of them with what caused them. */
export function toReasonView(offer: Offer, refusals: readonly Refusal[], actor: Actor) {
  const reason = publicReason(refusals)
  return {
    ...{ reason, message: refusalMessage(reason) },
    ...(roleOf(actor) !== undefined && { refusals: refusals.map((refusal) => toRefusalView(offer, refusal)) }),
  }
}

/** What stands against a start, as members may see it: with the names of those whom it is about. */
function toRefusalView(offer: Offer, refusal: Refusal): RefusalView {
  switch (refusal.reason) {
    case 'notice':
      return { reason: 'notice', from: toInstantText(refusal.earliestMs) }
    case 'window':
      return { reason: 'window', from: toInstantText(refusal.fromMs), to: toInstantText(refusal.untilMs) }
    case 'limit':
      return { reason: 'limit', of: refusal.of, limit: toLimitView(refusal.limit) }
    case 'not_enough':
      return toNotEnough(offer, refusal)
    case 'not_first':
      return { reason: 'not_first', ...(refusal.firstMs !== undefined && { from: toInstantText(refusal.firstMs) }) }
    case 'series':
      return { reason: 'series', from: toInstantText(refusal.startMs) }
    default:
      return refusal
  }
}

function toNotEnough(offer: Offer, refusal: Extract<Refusal, { reason: 'not_enough' }>): RefusalView {
  const { reason, kind, needed, free, absent } = refusal
  const subjects = offer.service.requirements.flatMap((requirement) => requirement.subjects)
  return {
    ...{ reason, kind, needed, free },
    absent: absent.map(({ id, causes }) => {
      const { subjectId, unit } = takerOf(id)
      const subject = subjects.find((one) => one.id === subjectId)
      return {
        ...{ id: subjectId, name: subject?.name ?? '', causes: causes.map(toAbsenceView) },
        ...((subject?.quantity ?? 1) > 1 && { unit }),
      }
    }),
  }
}

function toAbsenceView(absence: Absence): AbsenceView {
  if (absence.cause === 'closed') return absence
  if (absence.cause === 'limit') return { cause: 'limit', limit: toLimitView(absence.limit) }
  if (absence.cause === 'steps' || !absence.busy) return { cause: absence.cause }
  const { kind, id, startMs, endMs } = absence.busy
  return {
    ...{ cause: absence.cause, kind, from: toInstantText(startMs), to: toInstantText(endMs) },
    ...(kind === 'booking' && id !== undefined && { booking: id }),
  }
}

function toLimitView({ rule, count, minutes }: LimitUse) {
  const { per, maxCount, maxMinutes } = rule
  return {
    ...{ per, count, minutes },
    ...(maxCount !== undefined && { maxCount }),
    ...(maxMinutes !== undefined && { maxMinutes }),
  }
}
