import type { Database } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { forgetMessages } from '../notifications/notifications.service.ts'
import { listOrganizationIds } from '../organizations/organizations.service.ts'
import { toDate, toInstantText, type Clock } from '../shared/clock.ts'
import * as queries from './retention.queries.ts'
import { isOverdue, keepings, WORDS_KEPT_MS, type Keeping } from './retention.rules.ts'

export type RetentionDeps = { db: Database; clock: Clock; config: { auditRetentionYears: number } }

/** Something that is kept for a time, and how old the oldest of it is. */
export type Retention = Omit<Keeping, 'keptMs'> & {
  /** RFC 3339; undefined where there is none, or where it is not ours to know */
  oldest: string | undefined
  /** it should have been gone for days */
  overdue: boolean
}

/** Everything that is kept for a time: for how long, how old the oldest of it is now, and what removes it. */
export async function listRetention(deps: RetentionDeps): Promise<Retention[]> {
  const oldest = await findOldest(deps)
  const nowMs = deps.clock.nowMs()
  return Object.entries(keepings(deps.config.auditRetentionYears)).map(([name, { keptMs, ...keeping }]) => {
    const oldestMs = oldest.get(name)
    const text = oldestMs === undefined ? undefined : toInstantText(oldestMs)
    return { ...keeping, oldest: text, overdue: isOverdue({ keptMs }, oldestMs, nowMs) }
  })
}

/** The oldest moment of every kind, over all organizations. */
async function findOldest({ db }: RetentionDeps): Promise<Map<string, number>> {
  const oldest = new Map<string, number>()
  const note = (name: string, at: Date | null) => {
    if (at) oldest.set(name, Math.min(at.getTime(), oldest.get(name) ?? Infinity))
  }
  note('session', await queries.findOldestSession(db))
  for (const id of await listOrganizationIds(db)) {
    const row = await withTenant(db, id, (tx) => queries.findOldest(tx, id))
    for (const [name, at] of Object.entries(row)) note(name, at)
  }
  return oldest
}

/** Removes what one organization has kept for long enough: the contents of messages, and wishes that have ended. */
export async function sweepWords({ db, clock }: Pick<RetentionDeps, 'db' | 'clock'>, organizationId: string) {
  const before = toDate(clock.nowMs() - WORDS_KEPT_MS)
  return withTenant(db, organizationId, async (tx) => ({
    messages: await forgetMessages(tx, organizationId, before),
    wishes: await queries.deleteWishes(tx, organizationId, before),
  }))
}

/**
 * Removes what all organizations have together: sessions that are over, and the months of the trail that are older than it
 * is kept.
 * @returns the names of the parts of the trail that went
 * @throws when a part holds an event that was not sealed: then nothing of it goes
 */
export async function sweepInstallation({ db, clock, config }: RetentionDeps): Promise<string[]> {
  await queries.deleteExpiredSessions(db, toDate(clock.nowMs()))
  const dropped: string[] = []
  for (;;) {
    const part = await queries.dropOldestPart(db, config.auditRetentionYears)
    if (part === undefined) return dropped
    dropped.push(part)
  }
}
