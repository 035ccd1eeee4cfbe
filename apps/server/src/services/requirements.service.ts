import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { configChanged } from '../organizations/organizations.service.ts'
import type { Actor } from '../shared/actor.ts'
import type { Clock } from '../shared/clock.ts'
import * as queries from './requirements.queries.ts'
import { checkRequirements, segmentLengths, toRows, toView, withSimpleNeeds } from './requirements.rules.ts'
import { serviceNotFound } from './services.errors.ts'
import { findService, knownSubjects, updateService } from './services.queries.ts'
import { checkKnown } from './services.rules.ts'
import type { RequirementsView } from './services.schemas.ts'

export type RequirementDeps = { db: Database; clock: Clock }

/** @throws {AppError} service.not_found */
export async function getRequirements(
  { db }: RequirementDeps,
  organizationId: string,
  serviceId: string,
): Promise<RequirementsView> {
  return withTenant(db, organizationId, (tx) => viewOf(tx, organizationId, serviceId))
}

/**
 * Replaces what a service needs. With several segments, it lasts as long as they do together.
 * @throws {AppError} service.not_found; request.invalid naming what cannot be as it is
 */
export async function putRequirements(
  { db, clock }: RequirementDeps,
  organizationId: string,
  { actor, id, body }: { actor: Actor; id: string; body: RequirementsView },
): Promise<RequirementsView> {
  return withTenant(db, organizationId, async (tx) => {
    const rows = toRows(body)
    const ids = rows.flatMap(({ subjects }) => subjects.map((subject) => subject.id))
    checkRequirements(body, {
      provider: await knownSubjects(tx, organizationId, 'provider', ids),
      resource: await knownSubjects(tx, organizationId, 'resource', ids),
    })
    const segmentsMin = segmentLengths(body)
    const lengthMin = segmentsMin.reduce((sum, length) => sum + length, 0)
    const changes = { segmentsMin, ...(lengthMin > 0 && { durationsMin: [lengthMin] }) }
    if (!(await updateService(tx, organizationId, id, changes))) throw serviceNotFound()
    await queries.replaceRequirements(tx, organizationId, id, rows)
    const event = { actor, atMs: clock.nowMs(), action: 'service.requirements_changed', detail: body }
    await appendAudit(tx, organizationId, { ...event, entity: 'service', entityId: id })
    await configChanged(tx, organizationId)
    return viewOf(tx, organizationId, id)
  })
}

/** Ids of who can serve, and of things of which one is needed, where they are to change. */
export type NamedNeeds = { providers: string[] | undefined; resources: string[] | undefined }

/**
 * Changes who can serve and what is needed of a simple service, in a transaction that has changed its row.
 * @throws {AppError} request.invalid
 */
export async function replaceNeeds(
  tx: TenantTransaction,
  organizationId: string,
  serviceId: string,
  { providers, resources }: NamedNeeds,
): Promise<void> {
  if (!providers && !resources) return
  const provider = providers && (await knownSubjects(tx, organizationId, 'provider', providers))
  const resource = resources && (await knownSubjects(tx, organizationId, 'resource', resources))
  if (providers && provider) checkKnown('providers', providers, provider)
  if (resources && resource) checkKnown('resources', resources, resource)
  const rows = await queries.listRequirements(tx, organizationId, serviceId)
  await queries.replaceRequirements(tx, organizationId, serviceId, withSimpleNeeds(rows, { provider, resource }))
}

async function viewOf(tx: TenantTransaction, organizationId: string, serviceId: string): Promise<RequirementsView> {
  const service = await findService(tx, organizationId, serviceId)
  if (!service) throw serviceNotFound()
  return toView(await queries.listRequirements(tx, organizationId, serviceId), service.segmentsMin)
}
