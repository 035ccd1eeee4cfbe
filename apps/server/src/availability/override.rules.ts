import { expandSchedule, localDateOf, type Candidate, type OpenHours, type SlotQuery } from '@slotkeeper/scheduling'
import { shiftDate } from './availability.rules.ts'

/** Days around a start in which an appointment and its segments lie. */
const AROUND_DAYS = 3

/** The same question without the rules that an override goes past: all that is left is who and what is free. */
export function withoutRules({ segments, group }: SlotQuery, startMs: number): SlotQuery {
  const hours = alwaysOpen(startMs)
  return {
    ...{ fromMs: startMs, toMs: startMs + 1, nowMs: startMs, noticeMin: 0 },
    steps: { everyMin: 1, from: 'midnight' },
    segments: segments.map(({ lengthMin, requirements }) => ({
      lengthMin,
      requirements: requirements.map((requirement) => ({
        ...requirement,
        candidates: requirement.candidates.map((candidate) => withoutLimits(candidate, hours)),
      })),
    })),
    ...(group && { group }),
  }
}

function withoutLimits({ limits: _limits, ...candidate }: Candidate, hours: OpenHours): Candidate {
  return { ...candidate, hours }
}

function alwaysOpen(startMs: number): OpenHours {
  const timeZone = 'UTC'
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMin: 0, endMin: 1440 }))
  const date = localDateOf(startMs, timeZone)
  return expandSchedule(
    { timeZone, weekly, overrides: [] },
    shiftDate(date, -AROUND_DAYS),
    shiftDate(date, AROUND_DAYS),
  )
}
