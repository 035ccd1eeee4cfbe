import { limitLockWaits, withOwner, type OwnerClient } from '../db/owner.ts'
import type { Clock } from '../shared/clock.ts'
import * as queries from './retention.queries.ts'

export type RetentionDeps = { databaseOwnerUrl: string; auditRetentionYears: number; clock: Clock }

/** A part of the trail that is older than the trail is kept. */
export type OldPart = { name: string; events: number; organizations: number }

/** The parts of the trail that are older than it is kept; nothing is changed. */
export async function listOldParts(deps: RetentionDeps): Promise<OldPart[]> {
  return withOwner(deps.databaseOwnerUrl, async (client) => {
    const parts: OldPart[] = []
    for (const name of await namesOf(client, deps))
      parts.push(describe(name, await queries.countByOrganization(client, name)))
    return parts
  })
}

/**
 * Drops the parts of the trail that are older than it is kept, each in a transaction of its own. The last seals of what
 * goes stay behind as anchors, so that what is left of the chain can still be verified. Only the owner of the schema may.
 * @returns what was dropped
 * @throws when a part holds an event that was not sealed: then nothing of it goes
 */
export async function dropOldParts(deps: RetentionDeps): Promise<OldPart[]> {
  return withOwner(deps.databaseOwnerUrl, async (client) => {
    const dropped: OldPart[] = []
    await limitLockWaits(client)
    for (const name of await namesOf(client, deps)) {
      await client.query('begin')
      const counts = await queries.countByOrganization(client, name)
      for (const { organizationId } of counts) await moveToAnchors(client, organizationId, name)
      await queries.dropPart(client, name)
      await client.query('commit')
      dropped.push(describe(name, counts))
    }
    return dropped
  })
}

function describe(name: string, counts: { events: number }[]): OldPart {
  return { name, events: counts.reduce((sum, { events }) => sum + events, 0), organizations: counts.length }
}

async function moveToAnchors(client: OwnerClient, organizationId: string, part: string): Promise<void> {
  await queries.chooseOrganization(client, organizationId)
  const unsealed = await queries.countUnsealed(client, organizationId, part)
  if (unsealed > 0)
    throw new Error(`${part} has ${unsealed} events of ${organizationId} without a seal: start a worker`)
  await queries.moveSealsToAnchors(client, organizationId, part)
}

/** The parts that are older than the trail is kept, oldest first. */
function namesOf(client: OwnerClient, { auditRetentionYears, clock }: RetentionDeps): Promise<string[]> {
  const now = Temporal.Instant.fromEpochMilliseconds(clock.nowMs()).toZonedDateTimeISO('UTC')
  const month = now.subtract({ years: auditRetentionYears }).toPlainDate().toPlainYearMonth().toString()
  return queries.listPartsUpTo(client, queries.partEndingBefore(month))
}
