import type { Config } from '../config/config.ts'
import type { Described } from '../config/describe.ts'
import { databaseOptions, openDatabase, type Database } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import { failed, reasonOf, runChecks, warning, type Check, type Finding } from '../shared/finding.ts'
import { checkBackup } from './backup.check.ts'
import { checkCertificate } from './certificate.check.ts'
import { checkDisk } from './disk.check.ts'
import { checkMaintenance } from './maintenance.check.ts'
import { checkMail } from './mail.check.ts'
import { checkMigrations, checkReplica, checkServer, checkUser } from './postgres.check.ts'
import { checkQueue } from './queue.check.ts'
import { checkRedis } from './redis.check.ts'
import { checkRetention } from './retention.check.ts'
import { judgeMonitoring, judgeSafety } from './safety.check.ts'
import { judgeSettings } from './settings.check.ts'

/** Longer than the longest wait within a check, so that each says itself what it waited for. */
const LIMIT_MS = 15_000

/**
 * Looks at everything that an installation needs, from where it runs, and changes nothing. No finding tells a secret,
 * whatever it was that another server answered.
 */
export async function examine({ settings, config, secrets }: Described, clock: Clock): Promise<Finding[]> {
  const findings = judgeSettings({ settings })
  if (config) findings.push(...judgeSafety(config), ...judgeMonitoring(config), ...(await look(config, clock)))
  return findings.map((finding) => ({ ...finding, found: hide(secrets, finding.found) }))
}

async function look(config: Config, clock: Clock): Promise<Finding[]> {
  const elsewhere = runChecks(checksElsewhere(config, clock), LIMIT_MS)
  // What breaks while it is looked at fails the question that was asked, too.
  const opened = await openDatabase({ ...databaseOptions(config, () => undefined), poolSize: 4 }).catch(reasonOf)
  if (typeof opened === 'string') {
    const fix =
      'Check DATABASE_URL, whether PostgreSQL runs, and its certificate; migrations, queue, backups and retention come after.'
    return [failed('PostgreSQL', `cannot be used: ${opened}`, fix), ...(await elsewhere)]
  }
  try {
    const inside = await runChecks(checksInside(opened, config, clock), LIMIT_MS)
    return [...inside, ...(await elsewhere)]
  } finally {
    await opened.close()
  }
}

/** What does not need the database. */
function checksElsewhere(config: Config, clock: Clock): Check[] {
  return [
    { name: 'Redis', run: () => checkRedis(config), fix: 'Check REDIS_URL and whether Redis runs.' },
    { name: 'disk', run: () => checkDisk(config.backup.folder), fix: 'See whether the disk is in order.' },
    {
      name: 'certificate',
      run: () => checkCertificate(config.publicUrl, clock.nowMs()),
      fix: 'See whether the proxy in front runs.',
    },
    { name: 'mail server', run: () => checkMail(config), fix: 'Check MAIL_SERVER and MAIL_PORT.' },
  ]
}

function checksInside(db: Database, config: Config, clock: Clock): Check[] {
  const fix = 'See what the log of PostgreSQL says.'
  return [
    { name: 'PostgreSQL', run: () => checkServer(db, clock), fix },
    { name: 'PostgreSQL migrations', run: () => checkMigrations(config), fix: 'Check DATABASE_OWNER_URL.' },
    { name: 'PostgreSQL user', run: () => checkUser(config), fix },
    { name: 'PostgreSQL replica', run: () => checkReplica(db), fix },
    { name: 'queue', run: onSchema('queue', () => checkQueue(db, clock)), fix },
    {
      name: 'backup',
      run: onSchema('backup', () => checkBackup(db, clock, config)),
      fix: 'See whether BACKUP_DIR can be read.',
    },
    { name: 'maintenance', run: onSchema('maintenance', () => checkMaintenance(db)), fix },
    { name: 'retention', run: onSchema('retention', () => checkRetention({ db, clock, config })), fix },
  ]
}

/** PostgreSQL's words for a table, schema or column that is not there: it comes with a migration that waits. */
const MISSING = ['42P01', '3F000', '42703']

/** Before a roll out the schema is older than the release that looks at it. */
function onSchema(name: string, run: () => Promise<Finding[]>): () => Promise<Finding[]> {
  return async () => {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && MISSING.includes(String(error.code)))) throw error
      return [warning(name, 'not looked at: the schema is older than this release', 'Run the command migrate up.')]
    }
  }
}

function hide(secrets: string[], text: string): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
