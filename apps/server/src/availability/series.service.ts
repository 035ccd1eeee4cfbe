import { checkSeries, occurrences, parseRecurrence, type Occurrence } from '@slotkeeper/scheduling'
import type { Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import { isCalendarDate, toInstantText } from '../shared/clock.ts'
import type { ExplanationDeps } from './explanation.service.ts'
import { toReasonView } from './explanation.rules.ts'
import type { SeriesQuery, SeriesView } from './series.schemas.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Times of a series, at most: two a week for a year. */
const OCCURRENCES_MAX = 104

/** A series ends within these days. */
const SERIES_DAYS = 1_100

/**
 * Which times of a series are free, and for each that is not the nearest that are. Nothing is booked.
 * @throws {AppError} service.not_found, provider.not_found, request.invalid
 */
export async function previewSeries(
  { availability }: ExplanationDeps,
  organizationId: string,
  { actor, service, request }: { actor: Actor; service: string; request: SeriesQuery },
): Promise<SeriesView> {
  const { duration, provider, seats, alternatives = 3, withinDays = 7 } = request
  const wanted = { durationMin: duration, providerId: provider, seats }
  const { offer, query } = await availability.question(organizationId, service, wanted)
  const timeZone = availability.timeZoneOf(request.timeZone ?? offer.timeZone)
  const starts = startsOf(request, timeZone)
  const results = checkSeries(query, starts, { alternatives, withinDays })
  const lengthMin = query.segments.reduce((sum, segment) => sum + segment.lengthMin, 0)
  const providers = query.segments[0]?.requirements[0]?.candidates ?? []
  return {
    total: results.length,
    free: results.filter(({ free }) => free).length,
    occurrences: results.map((result) => ({
      start: toInstantText(result.startMs),
      end: toInstantText(result.startMs + lengthMin * MINUTE_MS),
      free: result.free,
      ...(result.free
        ? { providers: (result.candidates[0] ?? []).flatMap((index) => providers[index]?.id ?? []) }
        : {
            ...toReasonView(offer, result.refusals, actor),
            alternatives: result.alternatives.map((startMs) => toInstantText(startMs)),
          }),
    })),
  }
}

/**
 * The times of a series.
 * @throws {AppError} request.invalid for a rule that is none, never ends, or gives nothing or too much
 */
export function startsOf(
  { start, rule: text, except = [] }: Pick<SeriesQuery, 'start' | 'rule' | 'except'>,
  timeZone: string,
): Occurrence[] {
  if (!isCalendarDate(start.slice(0, 10))) throw invalidField('start', 'There is no such date.')
  const fromMs = Date.parse(`${start.slice(0, 10)}T00:00Z`) - DAY_MS
  const starts = explained(() => {
    const rule = parseRecurrence(text)
    if (rule.count === undefined && rule.until === undefined)
      throw new RangeError('A series needs an end: COUNT or UNTIL.')
    return occurrences(
      { startsAt: start, timeZone, rule, except },
      fromMs,
      fromMs + SERIES_DAYS * DAY_MS,
      OCCURRENCES_MAX,
    )
  })
  if (starts.length === 0) throw invalidField('rule', 'This rule gives no time at all.')
  return starts
}

function explained<Result>(parse: () => Result): Result {
  try {
    return parse()
  } catch (error) {
    if (error instanceof RangeError) throw invalidField('rule', error.message)
    throw error
  }
}
