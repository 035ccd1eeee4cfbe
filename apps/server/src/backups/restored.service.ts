import { verifyAudit } from '../audit/audit.service.ts'
import type { Database } from '../db/database.ts'
import type { OwnerClient } from '../db/owner.ts'
import { listOrganizationIds } from '../organizations/organizations.service.ts'
import * as queries from './restored.queries.ts'

/** One thing that must hold of a restored database, and what was found. */
export type Finding = { what: string; ok: boolean; found: string }

/**
 * Looks whether a database that was restored, and migrated, is whole: the chain of every organization's audit trail, and
 * that no time is taken twice. It works on a copy: it reads every claim, and locks them against changes meanwhile.
 * @param superuser a connection past row-level security
 */
export async function checkRestored(db: Database, superuser: OwnerClient): Promise<Finding[]> {
  return [await checkTrail(db), ...(await checkClaims(superuser, { build: true })), await checkSchema(superuser)]
}

/** The chain of every organization's audit trail. */
export async function checkTrail(db: Database): Promise<Finding> {
  const ids = await listOrganizationIds(db)
  const broken: string[] = []
  let sealed = 0
  for (const id of ids) {
    const { ok, events, firstBroken } = await verifyAudit({ db }, id)
    sealed += events
    if (!ok) broken.push(`${id} at event ${firstBroken}`)
  }
  const found =
    broken.length === 0 ? `${sealed} sealed events of ${ids.length} organizations, unbroken` : broken.join(', ')
  return { what: 'audit trail', ok: broken.length === 0, found }
}

/**
 * That no time is taken twice, and no booking has lost its own.
 * @param build  whether to build the rule against it anew; a restore has just built it over these very claims
 */
export async function checkClaims(superuser: OwnerClient, { build }: { build: boolean }): Promise<Finding[]> {
  const overlaps = await queries.countOverlaps(superuser)
  const unclaimed = await queries.countUnclaimed(superuser)
  const broken = await findBrokenRule(superuser, build)
  return [
    { what: 'times taken twice', ok: overlaps === 0, found: String(overlaps) },
    { what: 'bookings without their time', ok: unclaimed === 0, found: String(unclaimed) },
    { what: 'rule against taking twice', ok: broken === undefined, found: broken ?? 'holds for every claim' },
  ]
}

async function findBrokenRule(superuser: OwnerClient, build: boolean): Promise<string | undefined> {
  if (!(await queries.hasExclusion(superuser))) return 'the constraint is not there'
  return build ? queries.rebuildExclusion(superuser) : undefined
}

/** That nothing of the schema was left half done. */
export async function checkSchema(superuser: OwnerClient): Promise<Finding> {
  const invalid = await queries.listInvalid(superuser)
  const found = invalid.length === 0 ? 'all valid' : `not valid: ${invalid.join(', ')}`
  return { what: 'constraints and indexes', ok: invalid.length === 0, found }
}

/** A line about it, for people. */
export function describeFinding({ what, ok, found }: Finding): string {
  return `${ok ? 'ok    ' : 'FAULTY'} ${what}: ${found}`
}
