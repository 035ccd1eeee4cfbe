import type { Statement } from '../db/batch.ts'
import { LIMIT_REACHED } from './booking-statements.queries.ts'

/** A limit, and what must not count against it: whatever is to be written, which comes on top. */
export type RequiredLimit = {
  of: 'service' | 'customer' | 'subject'
  /** of the service or of the subject */
  id: string
  /** of the customer; null for a hold */
  email: string | null
  /** the booking or hold that is written */
  ownerId: string
  fromMs: number
  toMs: number
  minutes: number
  maxCount: number | null
  maxMinutes: number | null
}

/**
 * Locks the services whose limits, or whose customers' limits, are to be counted, so that nobody else adds to them
 * meanwhile. Lock the subjects before.
 */
export function lockCounted(organizationId: string, limits: RequiredLimit[]): Statement[] {
  const ids = [...new Set(limits.flatMap(({ of, id }) => (of === 'subject' ? [] : [id])))]
  return ids.length > 0 ? [{ name: 'lock_counted', text: LOCK_COUNTED, values: [organizationId, ids] }] : []
}

const LOCK_COUNTED = `
  select 1 from service where organization_id = $1 and id = any($2::uuid[]) order by id for no key update`

/** Ends the batch with LIMIT_REACHED when what else counts leaves no room for what was written. */
export function requireLimits(organizationId: string, limits: RequiredLimit[], nowMs: number): Statement[] {
  if (limits.length === 0) return []
  const rules = limits.map(({ fromMs, toMs, ...limit }) => ({ ...limit, from_s: fromMs / 1000, to_s: toMs / 1000 }))
  const values = [organizationId, JSON.stringify(rules), nowMs / 1000, LIMIT_REACHED]
  return [{ name: 'require_limits', text: REQUIRE_LIMITS, values }]
}

const REQUIRE_LIMITS = `
  select fail_unless(not exists (
    select from jsonb_to_recordset($2::jsonb) as rule ("of" text, "id" uuid, "email" citext, "ownerId" uuid, from_s float8,
      to_s float8, "minutes" float8, "maxCount" int, "maxMinutes" int)
    cross join lateral (
      select count(*) as count, coalesce(sum(extract(epoch from other.length) / 60), 0) as minutes
      from (
        select b.ends_at - b.starts_at as length from booking b
        where rule.of = 'service' and b.organization_id = $1 and b.service_id = rule.id and b.state <> 'cancelled'
          and b.starts_at >= to_timestamp(rule.from_s) and b.starts_at < to_timestamp(rule.to_s) and b.id <> rule."ownerId"
        union all
        select h.ends_at - h.starts_at from hold h
        where rule.of = 'service' and h.organization_id = $1 and h.service_id = rule.id and h.expires_at > to_timestamp($3)
          and h.starts_at >= to_timestamp(rule.from_s) and h.starts_at < to_timestamp(rule.to_s) and h.id <> rule."ownerId"
        union all
        select b.ends_at - b.starts_at
        from customer k join booking b on b.organization_id = k.organization_id and b.customer_id = k.id
        where rule.of = 'customer' and k.organization_id = $1 and k.email = rule.email and b.service_id = rule.id
          and b.state <> 'cancelled' and b.starts_at >= to_timestamp(rule.from_s) and b.starts_at < to_timestamp(rule.to_s)
          and b.id <> rule."ownerId"
        union all
        select c.ends_at - c.starts_at - make_interval(mins => c.before_min + c.after_min)
        from claim c left join hold h on h.organization_id = c.organization_id and h.id = c.hold_id
        where rule.of = 'subject' and c.organization_id = $1 and c.subject_id = rule.id
          and c.ends_at > to_timestamp(rule.from_s) and c.starts_at < to_timestamp(rule.to_s)
          and c.starts_at + make_interval(mins => c.before_min) >= to_timestamp(rule.from_s)
          and c.starts_at + make_interval(mins => c.before_min) < to_timestamp(rule.to_s)
          and (h.id is null or h.expires_at > to_timestamp($3))
          and coalesce(c.booking_id, c.hold_id) is distinct from rule."ownerId"
          and (c.session_id is null or not exists (select from seat where seat.organization_id = $1
            and seat.session_id = c.session_id and rule."ownerId" in (seat.booking_id, seat.hold_id)))
      ) other
    ) used
    where used.count + 1 > rule."maxCount" or used.minutes + rule.minutes > rule."maxMinutes"
  ), $4)`
