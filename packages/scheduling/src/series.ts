import { countedToo } from './limits.ts'
import { marginsOf, planOf, type Plan, type SlotQuery } from './query.ts'
import { checkStart, type Refusal } from './refusals.ts'
import { findSlots } from './slots.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** One time of a series; `exists` is false where the clocks skip it. `occurrences` of a rule gives such. */
export type SeriesStart = { readonly startMs: number; readonly exists?: boolean }

/** What became of one time of a series. */
export type SeriesResult = { readonly startMs: number } & (
  | {
      readonly free: true
      /** for every requirement who could serve: indexes of its candidates */
      readonly candidates: readonly (readonly number[])[]
      /** for every requirement who is to serve */
      readonly assigned: readonly (readonly number[])[]
    }
  | {
      readonly free: false
      readonly refusals: readonly Refusal[]
      /** free starts, the nearest first */
      readonly alternatives: readonly number[]
    }
)

/** How many free starts to name for a time that is not free, and how far from it at most. */
export type SeriesOptions = { readonly alternatives?: number; readonly withinDays?: number }

/**
 * Looks at every time of a series, as if the free ones before it were booked: they count against the limits, and no two
 * come closer to each other than the appointment and its buffers take.
 * @param query  what every one of them needs; its `fromMs` and `toMs` do not matter
 * @param starts  ascending
 * @throws {RangeError} when a value of the query is out of its range
 */
export function checkSeries(
  query: SlotQuery,
  starts: readonly SeriesStart[],
  { alternatives = 3, withinDays = 7 }: SeriesOptions = {},
): SeriesResult[] {
  const plan = planOf(query)
  const apartMs = distanceOf(plan)
  const accepted: number[] = []
  let booked = query
  const tried = starts.map(({ startMs, exists = true }): SeriesResult => {
    const neighbour = accepted.find((otherMs) => Math.abs(otherMs - startMs) < apartMs)
    if (neighbour !== undefined) return refused(startMs, [{ reason: 'series', startMs: neighbour }])
    if (!exists) return refused(startMs, [{ reason: 'skipped' }])
    const check = checkStart(booked, startMs)
    if (!check.ok) return refused(startMs, check.refusals)
    accepted.push(startMs)
    booked = withCounted(plan, booked, { startMs, assigned: check.assigned })
    return { startMs, free: true, candidates: check.free, assigned: check.assigned }
  })
  return tried.map((result) => {
    if (result.free) return result
    const near = nearestFree(booked, result.startMs, withinDays * DAY_MS)
    const apart = near.filter((startMs) => accepted.every((otherMs) => Math.abs(otherMs - startMs) >= apartMs))
    return { ...result, alternatives: apart.slice(0, alternatives) }
  })
}

function refused(startMs: number, refusals: readonly Refusal[]): SeriesResult {
  return { startMs, free: false, refusals, alternatives: [] }
}

/** How far apart two of these appointments must start for the same people and things to serve both. */
function distanceOf({ parts, lengthMs }: Plan): number {
  const margins = parts.flatMap((part) => part.requirement.candidates.map((candidate) => marginsOf(part, candidate)))
  return lengthMs + Math.max(0, ...margins.map(({ beforeMs, afterMs }) => beforeMs + afterMs))
}

function nearestFree(query: SlotQuery, startMs: number, withinMs: number): number[] {
  const { startsMs } = findSlots({ ...query, fromMs: startMs - withinMs, toMs: startMs + withinMs + 1 })
  return [...startsMs].sort((a, b) => Math.abs(a - startMs) - Math.abs(b - startMs) || a - b)
}

type Booked = { startMs: number; assigned: readonly (readonly number[])[] }

/** The query after one appointment more counts against its limits. */
function withCounted(plan: Plan, query: SlotQuery, { startMs, assigned }: Booked): SlotQuery {
  const { limits = [], segments } = query
  const hasLimits =
    limits.length > 0 || plan.parts.some(({ requirement }) => requirement.candidates.some((one) => one.limits))
  if (!hasLimits) return query
  const whole = { startMs, minutes: plan.lengthMs / MINUTE_MS }
  const served = plan.parts.flatMap(({ requirement, offsetMs, lengthMs }, part) =>
    (assigned[part] ?? []).map((index) => ({
      id: requirement.candidates[index]?.id,
      counted: { startMs: startMs + offsetMs, minutes: lengthMs / MINUTE_MS },
    })),
  )
  return {
    ...query,
    limits: limits.map(({ of, limit }) => ({ of, limit: countedToo(limit, whole) })),
    segments: segments.map((segment) => ({
      ...segment,
      requirements: segment.requirements.map((requirement) => ({
        ...requirement,
        candidates: requirement.candidates.map((candidate) => {
          const counted = served.filter(({ id }) => id === candidate.id).map((one) => one.counted)
          if (counted.length === 0 || !candidate.limits) return candidate
          return { ...candidate, limits: candidate.limits.map((limit) => counted.reduce(countedToo, limit)) }
        }),
      })),
    })),
  }
}
