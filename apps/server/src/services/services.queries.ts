import { sql, type Insertable, type Updateable } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { Service } from '../db/schema.generated.ts'
import { isUuid } from '../shared/id.ts'
import type { Question, ServiceOffer, ServiceView } from './services.schemas.ts'

const RULES = [
  's.id',
  's.slug',
  's.name',
  's.durationsMin',
  's.stepMin',
  's.bufferBeforeMin',
  's.bufferAfterMin',
  's.noticeMin',
  sql<ServiceView['windowKind']>`s.window_kind`.as('windowKind'),
  's.windowDays',
  sql<string | null>`s.window_from::text`.as('windowFrom'),
  sql<string | null>`s.window_to::text`.as('windowTo'),
  's.stepOffsetMin',
  sql<ServiceView['stepFrom']>`s.step_from`.as('stepFrom'),
  's.usefulGapMin',
  's.firstOfDay',
  sql<ServiceView['limits']>`s.limits`.as('limits'),
  's.segmentsMin',
  's.capacity',
  's.cancelNoticeMin',
  's.rescheduleNoticeMin',
  sql<ServiceView['approval']>`s.approval`.as('approval'),
  's.noShowLimit',
  's.priceMinor',
  's.currency',
  's.colour',
  sql<Question[]>`s.questions`.as('questions'),
  's.scheduleId',
  's.hidden',
  sql<ServiceView['location']>`(
    select json_build_object('kind', l.kind, 'name', l.name, 'detail', l.detail)
    from location l where l.organization_id = s.organization_id and l.id = s.location_id)`.as('location'),
] as const

const viewProviders = sql<ServiceView['providers']>`coalesce((
  select json_agg(json_build_object('id', p.id, 'name', p.name, 'title', p.title, 'colour', p.colour)
    order by p.position, p.name, p.id)
  from provider p
  where p.organization_id = s.organization_id and p.active and exists (
    select from requirement_subject r
    where r.organization_id = s.organization_id and r.service_id = s.id and r.subject_id = p.id)), '[]')`

const viewResources = sql<string[]>`array(
  select x.id::text from resource x
  where x.organization_id = s.organization_id and exists (
    select from requirement_subject r
    where r.organization_id = s.organization_id and r.service_id = s.id and r.subject_id = x.id)
  order by x.name, x.id)`

const offerRequirements = sql<ServiceOffer['requirements']>`coalesce((
  select json_agg(json_build_object('segment', q.segment, 'kind', q.kind, 'count', q.quantity, 'assign', q.assign,
    'fairDays', q.fair_days, 'subjects', coalesce((
      select json_agg(json_build_object('id', r.subject_id, 'weight', r.weight, 'priority', r.priority,
        'name', coalesce(p.name, x.name), 'email', p.email, 'colour', p.colour,
        'scheduleId', coalesce(p.schedule_id, x.schedule_id), 'limits', p.limits, 'quantity', coalesce(x.quantity, 1),
        'setUpMin', coalesce(x.set_up_min, 0), 'cleanUpMin', coalesce(x.clean_up_min, 0))
        order by p.position, p.name, x.name, r.subject_id)
      from requirement_subject r
      left join provider p on p.organization_id = r.organization_id and p.id = r.subject_id and p.active
      left join resource x on x.organization_id = r.organization_id and x.id = r.subject_id and x.active
      where r.organization_id = q.organization_id and r.service_id = q.service_id and r.position = q.position
        and (p.id is not null or x.id is not null)), '[]')) order by q.segment, q.position)
  from requirement q where q.organization_id = s.organization_id and q.service_id = s.id), '[]')`

function activeServices(tx: TenantTransaction, organizationId: string) {
  return tx.selectFrom('service as s').where('s.organizationId', '=', organizationId).where('s.active', '=', true)
}

function selectViews(tx: TenantTransaction, organizationId: string) {
  return activeServices(tx, organizationId)
    .select(RULES)
    .select(['s.description', 's.position', 's.locationId'])
    .select([viewProviders.as('providers'), viewResources.as('resources')])
}

export type ServicePage = {
  hidden: boolean
  after: { position: number; name: string; id: string } | undefined
  limit: number
}

/** Services that are offered, in the order in which the business shows them. */
export function listServices(tx: TenantTransaction, organizationId: string, { hidden, after, limit }: ServicePage) {
  return selectViews(tx, organizationId)
    .$if(!hidden, (query) => query.where('s.hidden', '=', false))
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple('s.position', 's.name', 's.id'),
          '>',
          eb.tuple(after?.position ?? 0, after?.name ?? '', after?.id ?? ''),
        ),
      ),
    )
    .orderBy('s.position')
    .orderBy('s.name')
    .orderBy('s.id')
    .limit(limit)
    .execute()
}

/**
 * @param ref  slug or id
 * @returns undefined when there is none, or it is no longer offered
 */
export function findService(tx: TenantTransaction, organizationId: string, ref: string) {
  return selectViews(tx, organizationId)
    .where(isUuid(ref) ? 's.id' : 's.slug', '=', ref)
    .executeTakeFirst()
}

/** In one query, everything that free times and bookings depend on. */
export function findOffer(tx: TenantTransaction, organizationId: string, ref: string) {
  return activeServices(tx, organizationId)
    .select(RULES)
    .select(['s.active', offerRequirements.as('requirements')])
    .where(isUuid(ref) ? 's.id' : 's.slug', '=', ref)
    .executeTakeFirst()
}

/** The currency in which the business names its prices. */
export async function organizationCurrency(tx: TenantTransaction, organizationId: string): Promise<string> {
  const { currency } = await tx
    .selectFrom('organization')
    .select('currency')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow()
  return currency
}

/** Where in their order the next service stands. */
export async function nextPosition(tx: TenantTransaction, organizationId: string): Promise<number> {
  const { position } = await activeServices(tx, organizationId)
    .select((eb) => eb.fn.coalesce(eb(eb.fn.max('s.position'), '+', 1), eb.lit(0)).as('position'))
    .executeTakeFirstOrThrow()
  return position
}

/** Which of the ids are those of subjects of that kind, and how many units each has: a person is one. */
export async function knownSubjects(
  tx: TenantTransaction,
  organizationId: string,
  kind: 'provider' | 'resource',
  ids: string[],
): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('subject as s')
    .leftJoin('resource as x', (join) =>
      join.onRef('x.organizationId', '=', 's.organizationId').onRef('x.id', '=', 's.id'),
    )
    .select((eb) => ['s.id', eb.fn.coalesce('x.quantity', eb.lit(1)).as('units')])
    .where('s.organizationId', '=', organizationId)
    .where('s.kind', '=', kind)
    .where('s.id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Map(rows.map(({ id, units }) => [id, units]))
}

type Json = { questions?: Question[] | undefined; limits?: ServiceView['limits'] | undefined }
type ServiceRow<Row> = Omit<Row, 'organizationId' | keyof Json> & Json

/** Rejects with 23505 when the slug is taken, with 23503 when there is no such schedule or location. */
export async function insertService(
  tx: TenantTransaction,
  organizationId: string,
  { questions = [], limits = [], ...service }: ServiceRow<Insertable<Service>>,
): Promise<void> {
  const json = { questions: JSON.stringify(questions), limits: JSON.stringify(limits) }
  await tx
    .insertInto('service')
    .values({ ...service, ...json, organizationId })
    .execute()
}

/**
 * Rejects as `insertService` does.
 * @returns whether there is such a service
 */
export async function updateService(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  { questions, limits, ...changes }: ServiceRow<Updateable<Service>>,
): Promise<boolean> {
  const json = {
    ...(questions && { questions: JSON.stringify(questions) }),
    ...(limits && { limits: JSON.stringify(limits) }),
  }
  const updated = await tx
    .updateTable('service')
    .set({ ...changes, ...json, id })
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .where('active', '=', true)
    .returning('id')
    .executeTakeFirst()
  return updated !== undefined
}

/** The constraints that hold what a request names. */
export const SLUG_KEY = 'service_organization_id_slug_key'
export const SCHEDULE_KEY = 'service_organization_id_schedule_id_fkey'
export const LOCATION_KEY = 'service_organization_id_location_id_fkey'
export const WINDOW_RANGE = 'service_window_range_check'
