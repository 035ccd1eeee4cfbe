import { sql } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { ScheduleView } from './schedules.schemas.ts'

type Hours = Omit<ScheduleView, 'id' | 'name' | 'timeZone'>

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

const holidays = sql<Hours['holidays']>`case when s.holiday_country is not null then
  json_strip_nulls(json_build_object('country', s.holiday_country, 'region', s.holiday_region)) end`

const closures = sql<Hours['closures']>`coalesce((
  select json_agg(json_strip_nulls(json_build_object('fromDate', c.from_date, 'toDate', c.to_date, 'name', c.name))
    order by c.from_date, c.to_date)
  from schedule_closure c where c.organization_id = s.organization_id and c.schedule_id = s.id), '[]')`

const stays = sql<Hours['stays']>`coalesce((
  select json_agg(json_build_object('fromDate', t.from_date, 'toDate', t.to_date, 'timeZone', t.time_zone)
    order by t.from_date)
  from schedule_stay t where t.organization_id = s.organization_id and t.schedule_id = s.id), '[]')`

function selectSchedules(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('schedule as s')
    .where('s.organizationId', '=', organizationId)
    .select(['s.id', 's.name', 's.timeZone', weekly.as('weekly'), overrides.as('overrides')])
    .select([holidays.as('holidays'), closures.as('closures'), stays.as('stays')])
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
      sql<boolean>`exists (select from service v where v.organization_id = s.organization_id and v.schedule_id = s.id)
        or exists (select from resource r where r.organization_id = s.organization_id and r.schedule_id = s.id)`.as(
        'ofThings',
      ),
    ])
    .forUpdate('s')
    .executeTakeFirst()
}

/** The language in which the business names its holidays. */
export async function organizationLocale(tx: TenantTransaction, organizationId: string): Promise<string> {
  const { locale } = await tx
    .selectFrom('organization')
    .select('locale')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow()
  return locale
}

type HolidayColumns = { holidayCountry?: string | null; holidayRegion?: string | null }

export async function insertSchedule(
  tx: TenantTransaction,
  organizationId: string,
  schedule: { id: string; name: string; timeZone: string } & HolidayColumns,
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
  changes: { name?: string; timeZone?: string } & HolidayColumns,
): Promise<void> {
  await tx
    .updateTable('schedule')
    .set(changes)
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .execute()
}
