import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { onConstraint } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import { configChanged } from '../organizations/organizations.service.ts'
import { roleOf, type Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import type { Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { hiddenForMembers, serviceNotFound, serviceSlugTaken } from './services.errors.ts'
import { replaceNeeds } from './requirements.service.ts'
import * as queries from './services.queries.ts'
import { checkService, checkWindow, defaultStepMin, withWholeWindow } from './services.rules.ts'
import type { ServiceCreate, ServiceOffer, ServicePatch, ServicesQuery, ServiceView } from './services.schemas.ts'

export type ServiceDeps = { db: Database; clock: Clock }

/**
 * A page of services, in the order in which the business shows them.
 * @throws {AppError} auth.required when somebody else than a member asks for hidden ones
 */
export async function listServices(
  { db }: ServiceDeps,
  organizationId: string,
  { actor, query }: { actor: Actor; query: ServicesQuery },
) {
  const { cursor, limit = 50, hidden = false } = query
  if (hidden && roleOf(actor) === undefined) throw hiddenForMembers()
  const [position, name = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['integer', 'text', 'uuid'])
  const after = position === undefined ? undefined : { position: Number(position), name, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listServices(tx, organizationId, { hidden, after, limit: limit + 1 }),
  )
  const keyOf = (row: ServiceView) => [String(row.position), row.name, row.id]
  return toPage(rows, limit, { keyOf, toView: (row): ServiceView => row })
}

/**
 * One service, by slug or id; a hidden one too, for whoever has its address.
 * @throws {AppError} service.not_found
 */
export async function getService({ db }: ServiceDeps, organizationId: string, ref: string): Promise<ServiceView> {
  return withTenant(db, organizationId, (tx) => findService(tx, organizationId, ref))
}

/**
 * Everything that free times and bookings of one service depend on.
 * @param serviceRef  slug or id
 * @returns undefined when there is none, or it is no longer offered
 */
export async function loadServiceOffer(
  tx: TenantTransaction,
  organizationId: string,
  serviceRef: string,
): Promise<ServiceOffer | undefined> {
  return queries.findOffer(tx, organizationId, serviceRef)
}

/**
 * Adds a service.
 * @throws {AppError} service.slug_taken; request.invalid naming what cannot be as it is
 */
export async function createService(
  { db, clock }: ServiceDeps,
  organizationId: string,
  request: { actor: Actor; once: Once | undefined; body: ServiceCreate },
) {
  const { actor, once, body } = request
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, async () => {
      const id = await addService(tx, organizationId, { actor, nowMs: clock.nowMs(), service: body })
      return findService(tx, organizationId, id)
    }),
  )
}

/**
 * Adds a service in a transaction under way.
 * @returns its id
 * @throws {AppError} service.slug_taken; request.invalid naming what cannot be as it is
 */
export async function addService(
  tx: TenantTransaction,
  organizationId: string,
  { actor, nowMs, service }: { actor: Actor; nowMs: number; service: ServiceCreate },
): Promise<string> {
  checkService(service)
  const { providers, resources = [], ...given } = service
  const currency = service.currency ?? (await queries.organizationCurrency(tx, organizationId))
  const position = await queries.nextPosition(tx, organizationId)
  const id = newId(nowMs)
  const defaults = { id, stepMin: defaultStepMin(service.durationsMin), currency, position }
  await explained(queries.insertService(tx, organizationId, { ...defaults, ...withWholeWindow(given) }))
  await replaceNeeds(tx, organizationId, id, { providers, resources })
  const detail = { slug: service.slug, name: service.name }
  await record(tx, organizationId, { actor, atMs: nowMs, action: 'service.created', id, detail })
  return id
}

/**
 * Changes a service; bookings made so far stay as they are.
 * @throws {AppError} service.not_found; service.slug_taken; request.invalid naming what cannot be as it is
 */
export async function updateService(
  { db, clock }: ServiceDeps,
  organizationId: string,
  { actor, id, patch }: { actor: Actor; id: string; patch: ServicePatch },
): Promise<ServiceView> {
  checkService(patch)
  const { providers, resources, ...changes } = patch
  return withTenant(db, organizationId, async (tx) => {
    if (patch.durationsMin) await checkDurationsFree(tx, organizationId, id)
    const found = await explained(queries.updateService(tx, organizationId, id, withWholeWindow(changes)))
    if (!found) throw serviceNotFound()
    await replaceNeeds(tx, organizationId, id, { providers, resources })
    await record(tx, organizationId, { actor, atMs: clock.nowMs(), action: 'service.updated', id, detail: patch })
    const service = await findService(tx, organizationId, id)
    checkWindow(service)
    return service
  })
}

/**
 * Offers the service no longer. Bookings made so far stay.
 * @throws {AppError} service.not_found
 */
export async function archiveService(
  { db, clock }: ServiceDeps,
  organizationId: string,
  { actor, id }: { actor: Actor; id: string },
): Promise<void> {
  await withTenant(db, organizationId, async (tx) => {
    if (!(await queries.updateService(tx, organizationId, id, { active: false }))) throw serviceNotFound()
    await record(tx, organizationId, { actor, atMs: clock.nowMs(), action: 'service.archived', id, detail: {} })
  })
}

async function findService(tx: TenantTransaction, organizationId: string, ref: string): Promise<ServiceView> {
  const service = await queries.findService(tx, organizationId, ref)
  if (!service) throw serviceNotFound()
  return service
}

/** @throws {AppError} request.invalid when the segments say how long the service takes */
async function checkDurationsFree(tx: TenantTransaction, organizationId: string, id: string): Promise<void> {
  const service = await queries.findService(tx, organizationId, id)
  if (service && service.segmentsMin.length > 0)
    throw invalidField('durationsMin', 'This service takes as long as its segments together: change these.')
}

/** Turns what the database refuses into what the caller can change. */
function explained<Result>(write: Promise<Result>): Promise<Result> {
  return write
    .catch(onConstraint(queries.SLUG_KEY, serviceSlugTaken))
    .catch(onConstraint(queries.SCHEDULE_KEY, () => invalidField('scheduleId', 'There is no such schedule.')))
    .catch(
      onConstraint(queries.WINDOW_RANGE, () => invalidField('windowTo', 'Give the first and the last date, in order.')),
    )
    .catch(onConstraint(queries.LOCATION_KEY, () => invalidField('locationId', 'There is no such location.')))
}

type Change = { actor: Actor; atMs: number; action: string; id: string; detail: object }

async function record(tx: TenantTransaction, organizationId: string, { id, ...change }: Change): Promise<void> {
  await appendAudit(tx, organizationId, { ...change, entity: 'service', entityId: id })
  await configChanged(tx, organizationId)
}
