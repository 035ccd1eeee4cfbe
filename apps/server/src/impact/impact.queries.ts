import { sql } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { BookedRow, SubjectRow } from './impact-rows.ts'

/** Those with one of the ids, and those who keep one of the schedules. */
export async function findSubjects(
  tx: TenantTransaction,
  organizationId: string,
  { ids, scheduleIds }: { ids: string[]; scheduleIds: string[] },
): Promise<SubjectRow[]> {
  const { rows } = await sql<SubjectRow>`
    select id, name, active, 1 as quantity, schedule_id as "scheduleId" from provider
    where organization_id = ${organizationId} and (id = any(${ids}::uuid[]) or schedule_id = any(${scheduleIds}::uuid[]))
    union all
    select id, name, active, quantity, schedule_id from resource
    where organization_id = ${organizationId} and (id = any(${ids}::uuid[]) or schedule_id = any(${scheduleIds}::uuid[]))`.execute(
    tx,
  )
  return rows
}

export type BookedSearch = { subjectIds: string[]; scheduleIds: string[]; now: Date; limit: number }

/** Bookings to come that take one of the subjects, or whose service keeps one of the schedules; the next one first. */
export async function findBooked(
  tx: TenantTransaction,
  organizationId: string,
  { subjectIds, scheduleIds, now, limit }: BookedSearch,
): Promise<BookedRow[]> {
  const { rows } = await sql<BookedRow>`
    select b.id, b.service_id as "serviceId", s.schedule_id as "serviceScheduleId", s.name as service, p.name as provider,
      b.customer_name as customer, b.starts_at as "startsAt", b.ends_at as "endsAt", t.taken
    from booking b
    join service s on s.organization_id = b.organization_id and s.id = b.service_id
    join provider p on p.organization_id = b.organization_id and p.id = b.provider_id
    cross join lateral (
      select coalesce(json_agg(json_build_object('subjectId', c.subject_id, 'unit', c.unit,
        'startMs', extract(epoch from c.starts_at) * 1000 + c.before_min * 60000,
        'endMs', extract(epoch from c.ends_at) * 1000 - c.after_min * 60000,
        'beforeMin', c.before_min, 'afterMin', c.after_min) order by c.subject_id, c.unit), '[]') as taken
      from claim c
      where c.organization_id = b.organization_id and c.subject_id = any(${subjectIds}::uuid[])
        and (c.booking_id = b.id or c.session_id in (
          select seat.session_id from seat where seat.organization_id = b.organization_id and seat.booking_id = b.id))
    ) t
    where b.organization_id = ${organizationId} and b.starts_at > ${now} and b.state in ('pending', 'confirmed')
      and (json_array_length(t.taken) > 0 or s.schedule_id = any(${scheduleIds}::uuid[]))
    order by b.starts_at, b.id limit ${limit}`.execute(tx)
  return rows
}
