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
  's.windowDays',
  's.capacity',
  's.cancelNoticeMin',
  's.rescheduleNoticeMin',
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
  from requirement_subject r join provider p on p.organization_id = r.organization_id and p.id = r.subject_id
  where r.organization_id = s.organization_id and r.service_id = s.id and p.active), '[]')`

const viewResources = sql<string[]>`array(
  select x.id::text
  from requirement_subject r join resource x on x.organization_id = r.organization_id and x.id = r.subject_id
  where r.organization_id = s.organization_id and r.service_id = s.id order by x.name, x.id)`

const offerProviders = sql<ServiceOffer['providers']>`coalesce((
  select json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email, 'scheduleId', p.schedule_id,
    'colour', p.colour) order by p.position, p.name, p.id)
  from requirement_subject r join provider p on p.organization_id = r.organization_id and p.id = r.subject_id
  where r.organization_id = s.organization_id and r.service_id = s.id and p.active), '[]')`

const offerResources = sql<ServiceOffer['resources']>`coalesce((
  select json_agg(json_build_object('id', x.id, 'name', x.name, 'quantity', x.quantity) order by x.name, x.id)
  from requirement_subject r join resource x on x.organization_id = r.organization_id and x.id = r.subject_id
  where r.organization_id = s.organization_id and r.service_id = s.id and x.active), '[]')`

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

/** In one query, everything that free times and bookings depend on; `needsResource` though none may be active. */
export function findOffer(tx: TenantTransaction, organizationId: string, ref: string) {
  return activeServices(tx, organizationId)
    .select(RULES)
    .select((eb) => [
      's.active',
      offerProviders.as('providers'),
      offerResources.as('resources'),
      eb
        .exists(
          eb
            .selectFrom('requirement as q')
            .whereRef('q.organizationId', '=', 's.organizationId')
            .whereRef('q.serviceId', '=', 's.id')
            .where('q.kind', '=', 'resource')
            .select('q.position'),
        )
        .as('needsResource'),
    ])
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

/** Which of the ids are those of subjects of that kind. */
export async function knownSubjects(
  tx: TenantTransaction,
  organizationId: string,
  kind: 'provider' | 'resource',
  ids: string[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom('subject')
    .select('id')
    .where('organizationId', '=', organizationId)
    .where('kind', '=', kind)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return rows.map(({ id }) => id)
}

type ServiceRow<Row> = Omit<Row, 'organizationId' | 'questions'> & { questions?: Question[] | undefined }

/** Rejects with 23505 when the slug is taken, with 23503 when there is no such schedule or location. */
export async function insertService(
  tx: TenantTransaction,
  organizationId: string,
  { questions = [], ...service }: ServiceRow<Insertable<Service>>,
): Promise<void> {
  await tx
    .insertInto('service')
    .values({ ...service, questions: JSON.stringify(questions), organizationId })
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
  { questions, ...changes }: ServiceRow<Updateable<Service>>,
): Promise<boolean> {
  const updated = await tx
    .updateTable('service')
    .set({ ...changes, id, ...(questions && { questions: JSON.stringify(questions) }) })
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .where('active', '=', true)
    .returning('id')
    .executeTakeFirst()
  return updated !== undefined
}

/** What one booking needs one of. */
export type Requirement = { position: number; kind: 'provider' | 'resource'; subjectIds: string[] }

/** Replaces one requirement of the service; without subjects it goes. Lock the service first. */
export async function replaceRequirement(
  tx: TenantTransaction,
  organizationId: string,
  serviceId: string,
  { position, kind, subjectIds }: Requirement,
): Promise<void> {
  await tx
    .deleteFrom('requirement')
    .where('organizationId', '=', organizationId)
    .where('serviceId', '=', serviceId)
    .where('position', '=', position)
    .execute()
  if (subjectIds.length === 0) return
  const key = { organizationId, serviceId, position }
  await tx
    .insertInto('requirement')
    .values({ ...key, kind, quantity: 1 })
    .execute()
  await tx
    .insertInto('requirementSubject')
    .values(subjectIds.map((subjectId) => ({ ...key, subjectId })))
    .execute()
}

/** The constraints that hold what a request names. */
export const SLUG_KEY = 'service_organization_id_slug_key'
export const SCHEDULE_KEY = 'service_organization_id_schedule_id_fkey'
export const LOCATION_KEY = 'service_organization_id_location_id_fkey'
