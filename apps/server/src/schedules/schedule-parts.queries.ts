import { sql } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { ScheduleView } from './schedules.schemas.ts'

type Hours = Omit<ScheduleView, 'id' | 'name' | 'timeZone'>

/** Replaces what is given of a schedule, each as a whole. Lock the schedule first, or two who do it at once collide. */
export async function replaceParts(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  { weekly, overrides, closures, stays }: Partial<Hours>,
): Promise<void> {
  if (weekly) await replaceWeekly(tx, organizationId, id, weekly)
  if (overrides) await replaceOverrides(tx, organizationId, id, overrides)
  if (closures) await replaceClosures(tx, organizationId, id, closures)
  if (stays) await replaceStays(tx, organizationId, id, stays)
}

async function replaceWeekly(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  windows: Hours['weekly'],
): Promise<void> {
  await tx
    .deleteFrom('scheduleWindow')
    .where('organizationId', '=', organizationId)
    .where('scheduleId', '=', id)
    .execute()
  await sql`
    insert into schedule_window (organization_id, schedule_id, weekday, start_min, end_min)
    select ${organizationId}, ${id}, weekday, "startMin", "endMin"
    from jsonb_to_recordset(${JSON.stringify(windows)}::jsonb) as new (weekday int, "startMin" int, "endMin" int)`.execute(
    tx,
  )
}

/** A closed date is one row without times. */
async function replaceOverrides(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  dates: Hours['overrides'],
): Promise<void> {
  await tx
    .deleteFrom('scheduleOverride')
    .where('organizationId', '=', organizationId)
    .where('scheduleId', '=', id)
    .execute()
  await sql`
    insert into schedule_override (organization_id, schedule_id, on_date, start_min, end_min)
    select ${organizationId}, ${id}, date, times."startMin", times."endMin"
    from jsonb_to_recordset(${JSON.stringify(dates)}::jsonb) as new (date date, windows jsonb)
    left join lateral jsonb_to_recordset(windows) as times ("startMin" int, "endMin" int) on true`.execute(tx)
}

async function replaceClosures(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  closures: Hours['closures'],
): Promise<void> {
  await tx
    .deleteFrom('scheduleClosure')
    .where('organizationId', '=', organizationId)
    .where('scheduleId', '=', id)
    .execute()
  await sql`
    insert into schedule_closure (organization_id, schedule_id, from_date, to_date, name)
    select ${organizationId}, ${id}, "fromDate", "toDate", name
    from jsonb_to_recordset(${JSON.stringify(closures)}::jsonb) as new ("fromDate" date, "toDate" date, name text)`.execute(
    tx,
  )
}

async function replaceStays(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  stays: Hours['stays'],
): Promise<void> {
  await tx
    .deleteFrom('scheduleStay')
    .where('organizationId', '=', organizationId)
    .where('scheduleId', '=', id)
    .execute()
  await sql`
    insert into schedule_stay (organization_id, schedule_id, from_date, to_date, time_zone)
    select ${organizationId}, ${id}, "fromDate", "toDate", "timeZone"
    from jsonb_to_recordset(${JSON.stringify(stays)}::jsonb) as new ("fromDate" date, "toDate" date, "timeZone" text)`.execute(
    tx,
  )
}
