import { limit, type Limit, type SlotQuery } from '@slotkeeper/scheduling'
import { takerOf } from './slot-query.rules.ts'

const MINUTE_MS = 60_000

/** A limit as it must hold when an appointment is written: others may have been counted since it was looked at. */
export type LimitCheck = {
  of: 'service' | 'customer' | 'subject'
  /** of the service or of the subject */
  id: string
  /** the period of the appointment, epoch ms, half-open */
  fromMs: number
  toMs: number
  /** of the appointment itself, and what is allowed with it */
  minutes: number
  maxCount: number | null
  maxMinutes: number | null
}

/**
 * The limits that an appointment counts against.
 * @param assigned  for every requirement of the query, in the order of its segments, indexes of candidates
 */
export function limitChecks(
  query: SlotQuery,
  appointment: { serviceId: string; startMs: number; assigned: readonly (readonly number[])[] },
): LimitCheck[] {
  const { serviceId: id, startMs, assigned } = appointment
  const minutes = query.segments.reduce((sum, { lengthMin }) => sum + lengthMin, 0)
  const checks = (query.limits ?? []).map(({ of, limit: one }) => checkOf(one, { of, id, startMs, minutes }))
  let fromMs = startMs
  let index = 0
  for (const { lengthMin, requirements } of query.segments) {
    for (const { candidates } of requirements) {
      for (const at of assigned[index] ?? []) {
        const candidate = candidates[at]
        const part = { of: 'subject', startMs: fromMs, minutes: lengthMin } as const
        const own = (one: Limit) => checkOf(one, { ...part, id: takerOf(candidate?.id ?? '').subjectId })
        checks.push(...(candidate?.limits ?? []).map(own))
      }
      index++
    }
    fromMs += lengthMin * MINUTE_MS
  }
  return checks
}

type Counting = Pick<LimitCheck, 'of' | 'id' | 'minutes'> & { startMs: number }

function checkOf({ rule, timeZone, weekStartsOn = 1 }: Limit, { startMs, ...counting }: Counting): LimitCheck {
  const [period] = limit(rule, { timeZone, weekStartsOn }, [{ startMs, minutes: 0 }]).periods.values()
  return {
    ...counting,
    ...{ fromMs: period?.startMs ?? startMs, toMs: period?.endMs ?? startMs },
    ...{ maxCount: rule.maxCount ?? null, maxMinutes: rule.maxMinutes ?? null },
  }
}
