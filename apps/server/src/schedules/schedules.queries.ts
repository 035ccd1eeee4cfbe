import { sql } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { ScheduleView } from './schedules.schemas.ts'

type Hours = Pick<ScheduleView, 'weekly' | 'overrides'>

const weekly = sql<Hours['weekly']>`coalesce((
  select json_agg(json_build_object('weekday', w.weekday, 'startMin', w.start_min, 'endMin', w.end_min)
    order by w.weekday, w.start_min)
  from schedule_window w where w.organization_id = s.organization_id and w.schedule_id = s.id), '[]')`

const overrides = sql<Hours['overrides']>`coalesce((
  select json_agg(json_build_object('date', d.on_date, 'windows', d.windows) order by d.on_date)
  from (
    select o.on_date, coalesce(json_agg(json_build_object('startMin', o.start_min, 'endMin', o.end_min)
      order by o.start_min) filter (where o.start_min is not null), '[]') as windows
    from schedule_override o where o.organization_id = s.organization_id and o.schedule_id = s.id
    group by o.on_date
  ) d), '[]')`

function selectSchedules(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('schedule as s')
    .where('s.organizationId', '=', organizationId)
    .select(['s.id', 's.name', 's.timeZone', weekly.as('weekly'), overrides.as('overrides')])
}

export type NamePage = { after: { name: string; id: string } | undefined; limit: number }

/** Schedules in the order of their names. */
export function listSchedules(tx: TenantTransaction, organizationId: string, { after, limit }: NamePage) {
  return selectSchedules(tx, organizationId)
    .$if(after !== undefined, (query) =>
      query.where((eb) => eb(eb.refTuple('s.name', 's.id'), '>', eb.tuple(after?.name ?? '', after?.id ?? ''))),
    )
    .orderBy('s.name')
    .orderBy('s.id')
    .limit(limit)
    .execute()
}

export function findSchedules(tx: TenantTransaction, organizationId: string, ids: string[]) {
  return selectSchedules(tx, organizationId)
    .where('s.id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

/**
 * Locks the schedule, and tells who uses it.
 * @returns undefined when there is no such schedule
 */
export function lockSchedule(tx: TenantTransaction, organizationId: string, id: string) {
  return tx
    .selectFrom('schedule as s')
    .where('s.organizationId', '=', organizationId)
    .where('s.id', '=', id)
    .select((eb) => [
      's.id',
      sql<string[]>`array(${eb
        .selectFrom('provider as p')
        .whereRef('p.organizationId', '=', 's.organizationId')
        .whereRef('p.scheduleId', '=', 's.id')
        .select('p.id')})`.as('providerIds'),
      sql<boolean>`${eb.exists(
        eb
          .selectFrom('service as v')
          .whereRef('v.organizationId', '=', 's.organizationId')
          .whereRef('v.scheduleId', '=', 's.id')
          .select('v.id'),
      )}`.as('ofService'),
    ])
    .forUpdate('s')
    .executeTakeFirst()
}

export async function insertSchedule(
  tx: TenantTransaction,
  organizationId: string,
  schedule: { id: string; name: string; timeZone: string },
): Promise<void> {
  await tx
    .insertInto('schedule')
    .values({ ...schedule, organizationId })
    .execute()
}

export async function updateSchedule(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  changes: { name?: string; timeZone?: string },
): Promise<void> {
  await tx
    .updateTable('schedule')
    .set(changes)
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .execute()
}

/** Lock the schedule first, or two who replace its hours at once collide. */
export async function replaceWeekly(
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

/** Lock the schedule first, or two who replace its overrides at once collide. A closed date is one row without times. */
export async function replaceOverrides(
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
