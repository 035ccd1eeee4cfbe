import { busySpans, busyTimes, union, type Busy, type BusyTime, type Counted } from '@slotkeeper/scheduling'
import type { Claimed, ServiceSession } from './claim-rows.ts'

const MINUTE_MS = 60_000

/** What is taken of one subject: busy times by unit, and its group sessions. */
export type SubjectLoad = {
  /** index 0 is unit 1 */
  units: Busy[]
  sessions: ServiceSession[]
  /** what counts against limits; empty unless claims were read with their buffers */
  counted: Counted[]
  /** from then on it must be read again, epoch ms: a hold expires */
  untilMs: number
}

/** Sorts the claims of one subject into what the engine takes. */
export function toLoad(claims: Claimed[]): SubjectLoad {
  const flat: (number[] | undefined)[] = []
  const sessions: ServiceSession[] = []
  let untilMs = Infinity
  for (const { unit, startMs, endMs, untilMs: until, session } of claims) {
    ;(flat[unit - 1] ??= []).push(startMs, endMs)
    if (session) sessions.push(session)
    if (until !== undefined && until < untilMs) untilMs = until
  }
  const counted = claims.flatMap((claim) => {
    const time = toBusyTime(claim)
    return time ? [{ startMs: time.startMs, minutes: (time.endMs - time.startMs) / MINUTE_MS }] : []
  })
  return { units: Array.from(flat, (pairs) => busySpans(pairs ?? [])), sessions, counted, untilMs }
}

/** A unit of somebody or something that is about to be taken. */
export type Taking = { subjectId: string; unit: number; startMs: number; endMs: number }

/** What is taken, and what is about to be: whoever chooses now had better choose something else. */
export function withTakings(loads: Map<string, SubjectLoad>, takings: readonly Taking[]): Map<string, SubjectLoad> {
  const fuller = new Map(loads)
  for (const [id, mine] of Map.groupBy(takings, ({ subjectId }) => subjectId)) {
    const load = loads.get(id) ?? toLoad([])
    const units = Array.from({ length: Math.max(load.units.length, ...mine.map(({ unit }) => unit)) }, (_, index) => {
      const flat = mine.flatMap(({ unit, startMs, endMs }) => (unit === index + 1 ? [startMs, endMs] : []))
      return busySpans(union(busySpans(flat).spans, (load.units[index] ?? busySpans([])).spans))
    })
    fuller.set(id, { ...load, units })
  }
  return fuller
}

/** The same with the causes of what is busy, for explanations. */
export function toDetailedLoad(claims: Claimed[]): SubjectLoad {
  const times: (BusyTime[] | undefined)[] = []
  for (const claim of claims) {
    const time = toBusyTime(claim)
    if (time) (times[claim.unit - 1] ??= []).push(time)
  }
  return { ...toLoad(claims), units: Array.from(times, (unit) => busyTimes(unit ?? [])) }
}

function toBusyTime({ startMs, endMs, detail }: Claimed): BusyTime | undefined {
  if (!detail) return undefined
  const { kind, ownerId, beforeMin, afterMin } = detail
  return {
    ...{ kind, bufferBeforeMin: beforeMin, bufferAfterMin: afterMin },
    ...(ownerId !== undefined && { id: ownerId }),
    startMs: startMs + beforeMin * MINUTE_MS,
    endMs: endMs - afterMin * MINUTE_MS,
  }
}
