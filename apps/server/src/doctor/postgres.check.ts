import type { Config } from '../config/config.ts'
import { risksOfUser } from '../config/safety.ts'
import { replicaLagS, type Database } from '../db/database.ts'
import { readDatabaseUser } from '../db/database-user.ts'
import { migrationStatus, type MigrationStatus } from '../db/migrate.ts'
import type { Clock } from '../shared/clock.ts'
import { failed, ok, warning, type Finding } from '../shared/finding.ts'
import { readServer, type ServerFacts } from './doctor.queries.ts'
import { judgeRisk } from './safety.check.ts'

const NAME = 'PostgreSQL'
const OLDEST = 15
const NEWEST = 18

/** The database's version, encryption, haste and clock. */
export async function checkServer(db: Database, clock: Clock): Promise<Finding[]> {
  // The first question also makes the connection, which is not what the second is timed for.
  await readServer(db)
  const [startMs, beforeMs] = [performance.now(), clock.nowMs()]
  const facts = await readServer(db)
  const hereMs = (beforeMs + clock.nowMs()) / 2
  const answerMs = performance.now() - startMs
  return [judgeVersion(facts), judgeHaste(answerMs), judgeClock(facts.nowMs - hereMs)]
}

export function judgeVersion({ version, versionNumber, tls }: Omit<ServerFacts, 'nowMs'>): Finding {
  const major = Math.floor(versionNumber / 10_000)
  const found = `version ${version}, ${tls === null ? 'not encrypted' : `encrypted (${tls})`}`
  if (major < OLDEST) return failed(NAME, found, `Upgrade to one of the versions ${OLDEST} to ${NEWEST}.`)
  if (major <= NEWEST) return ok(NAME, found)
  return warning(NAME, found, `Use one of the versions ${OLDEST} to ${NEWEST}: newer ones were not tried.`)
}

/** A booking takes several answers of the database, one after the other. */
export function judgeHaste(answerMs: number): Finding {
  const name = `${NAME} answer`
  const found = `within ${Math.ceil(answerMs)} ms`
  const fix = 'See how busy it is, and how far away: both belong into one data centre.'
  return answerMs > 100 ? warning(name, found, fix) : ok(name, found)
}

/** Ends of holds and links are found by the clock here, defaults of rows by that of the database. */
export function judgeClock(aheadMs: number): Finding {
  const name = `${NAME} clock`
  const found = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} ours`
  const fix = 'Let both machines set their clocks by NTP.'
  if (Math.abs(aheadMs) > 30_000) return failed(name, found, fix)
  return Math.abs(aheadMs) > 2_000 ? warning(name, found, fix) : ok(name, found)
}

/** Which migrations wait, and which this release does not know. */
export async function checkMigrations(config: Config): Promise<Finding[]> {
  return [judgeMigrations(await migrationStatus(config))]
}

export function judgeMigrations({ applied, waiting, unknown }: MigrationStatus): Finding {
  const name = `${NAME} migrations`
  if (unknown.length > 0) {
    const fix = 'Run the release that made them, or take them back with its command migrate down.'
    return warning(name, `a newer release made ${unknown.join(', ')}`, fix)
  }
  if (waiting.length === 0) return ok(name, `${applied.length} applied, none waits`)
  const found = applied.length === 0 ? 'the schema is not there yet' : `waiting: ${waiting.join(', ')}`
  return warning(name, found, 'Run the command migrate up.')
}

/** What the user of DATABASE_URL may do beyond what the application needs. */
export async function checkUser(config: Config): Promise<Finding[]> {
  const user = await readDatabaseUser(config.databaseUrl)
  const risks = risksOfUser(user).map((risk) => judgeRisk(risk, config))
  return risks.length > 0 ? risks : [ok(`${NAME} user`, `${user.name} may read and write rows, and nothing else`)]
}

/** How far the replica is behind, where there is one. */
export async function checkReplica(db: Database): Promise<Finding[]> {
  return db.replica ? [judgeReplica(await replicaLagS(db))] : []
}

export function judgeReplica(lagS: number | undefined): Finding {
  const name = `${NAME} replica`
  if (lagS === undefined) {
    const fix = 'Check DATABASE_REPLICA_URL and whether it follows the primary, which answers in its place until then.'
    return warning(name, 'does not answer, or is no replica', fix)
  }
  const found = `${lagS.toFixed(1)} s behind`
  return lagS > 30
    ? warning(name, found, 'See what keeps it: its disk, the network, or a long query.')
    : ok(name, found)
}
