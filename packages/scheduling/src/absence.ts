import { occupied, type BusyTime } from './busy.ts'
import { isLimited, usedAt, type Limit, type LimitRule } from './limits.ts'
import type { Candidate } from './query.ts'
import { decidedBy, liesInOpening, zoneAt, type ClosedBecause, type OpenHours } from './schedule.ts'
import { overlaps } from './spans.ts'
import { localDateOf } from './zones.ts'

const MINUTE_MS = 60_000

/** What a limit allows, and what counts against it in the period of the start. */
export type LimitUse = { readonly rule: LimitRule; readonly count: number; readonly minutes: number }

/** Why one candidate cannot serve. */
export type Absence =
  | { readonly cause: 'closed'; readonly because: ClosedBecause }
  /** the appointment itself would overlap it; `busy` is undefined where only the extent of what is busy is known */
  | { readonly cause: 'busy'; readonly busy: BusyTime | undefined }
  /** only the buffers, set-up or clean-up of the one or of the other would */
  | { readonly cause: 'buffer'; readonly busy: BusyTime }
  /** an outside calendar cannot be read, so nobody knows */
  | { readonly cause: 'unreadable'; readonly busy: BusyTime }
  | { readonly cause: 'limit'; readonly limit: LimitUse }
  /** free, but the start is none of the steps of their hours, and nobody else leads */
  | { readonly cause: 'steps' }

/** A stretch of time, and the margins around it that are taken too. */
export type During = {
  readonly fromMs: number
  readonly toMs: number
  readonly beforeMs: number
  readonly afterMs: number
}

/** Everything that keeps somebody or something from serving in a stretch of time; nothing when they can. */
export function absencesOf(candidate: Omit<Candidate, 'id'>, during: During): Absence[] {
  const { fromMs, toMs } = during
  const closed = candidate.hours && closedIn(candidate.hours, fromMs, toMs)
  const absences: Absence[] = closed ? [{ cause: 'closed', because: closed }] : []
  absences.push(...busyAbsences(candidate, during))
  for (const limit of candidate.limits ?? []) {
    if (isLimited(limit, fromMs, (toMs - fromMs) / MINUTE_MS))
      absences.push({ cause: 'limit', limit: useOf(limit, fromMs) })
  }
  return absences
}

function busyAbsences({ busy: { spans, times } }: Pick<Candidate, 'busy'>, during: During): Absence[] {
  const { fromMs, toMs, beforeMs, afterMs } = during
  if (!overlaps(spans, fromMs - beforeMs, toMs + afterMs)) return []
  if (!times) return [{ cause: 'busy', busy: undefined }]
  return times.flatMap((busy): Absence[] => {
    const taken = occupied(busy)
    if (taken.endMs <= fromMs - beforeMs || toMs + afterMs <= taken.startMs) return []
    if (busy.kind === 'unreadable') return [{ cause: 'unreadable', busy }]
    return [{ cause: busy.startMs < toMs && fromMs < busy.endMs ? 'busy' : 'buffer', busy }]
  })
}

/** Why hours are closed in some of a stretch of time; undefined when it lies in one opening. */
export function closedIn(hours: OpenHours, fromMs: number, toMs: number): ClosedBecause | undefined {
  if (liesInOpening(hours, fromMs, toMs)) return undefined
  const zone = zoneAt(hours.schedule, fromMs)
  const first = decidedBy(hours.schedule, localDateOf(fromMs, zone))
  return first.kind === 'weekly_hours' ? decidedBy(hours.schedule, localDateOf(toMs - 1, zone)) : first
}

/** A limit and what counts against it in the period of an instant. */
export function useOf(limit: Limit, startMs: number): LimitUse {
  const { count, minutes } = usedAt(limit, startMs)
  return { rule: limit.rule, count, minutes }
}
