import { openDatabase } from '../db/database.ts'
import { databaseErrorOf } from '../db/errors.ts'
import { listMigrations } from '../db/migration-files.ts'
import { migrateDown, migrateTo, migrateUp, migrationStatus } from '../db/migrate.ts'
import { withOwner, type OwnerClient } from '../db/owner.ts'
import { readBackup, type BackupSource, type Contents } from './check.service.ts'
import { checkClaims, checkSchema, checkTrail, type Finding } from './restored.service.ts'
import { agreeOnFormats, begin, commit, writeRows, type RowWriter } from './snapshot.queries.ts'
import { dropStructures, listStructures, makeStructures } from './structure.queries.ts'
import * as queries from './tables.queries.ts'

export type RestoreRequest = BackupSource & {
  databaseUrl: string
  databaseOwnerUrl: string
  /** what is in the database goes */
  replace: boolean
  onStep: (step: string) => void
}

export type Restored = Contents & {
  /** the migrations that came after the backup's */
  migrated: string[]
  /** what must hold of it */
  findings: Finding[]
}

/** The restore cannot begin, or what it brought is not as it was; the sentence says what to do. */
export class RestoreRefused extends Error {
  override name = 'RestoreRefused'
}

/** SQLSTATE class 23: integrity constraint violation. */
const BROKEN_RULE = '23'

/**
 * Brings a backup back: reads all of it first, clears the database, migrates to the backup's version, loads the rows in one
 * transaction, migrates on, and proves what is there. Until the file was read to its end, nothing is changed.
 * @throws {RestoreRefused | BrokenBackup}
 */
export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  const { onStep } = request
  onStep('Reading all of the backup')
  const contents = await readBackup(request)
  const known = await listMigrations()
  if (contents.migrations.some((name, index) => known[index] !== name))
    throw new RestoreRefused('The backup is of a newer release: install that, and restore with it')
  await clear(request)
  onStep(`Migrating to the backup's version, ${contents.migrations.at(-1) ?? 'none'}`)
  await migrateTo(request, contents.migrations.length)
  const findings = await withOwner(request.databaseOwnerUrl, (client) => load(client, request, contents))
  onStep('Migrating to the newest version')
  const migrated = await migrateUp(request)
  onStep('Checking the audit trail')
  return { ...contents, migrated, findings: [...findings, await checkChains(request)] }
}

/** Empties the database, by the migrations' own way back. */
async function clear({ databaseOwnerUrl, replace, onStep }: RestoreRequest): Promise<void> {
  await withOwner(databaseOwnerUrl, async (client) => {
    const others = await queries.countOthers(client)
    if (others > 0)
      throw new RestoreRefused(`${others} others are connected to the database: stop web and worker processes first`)
    if (!replace && (await queries.hasData(client)))
      throw new RestoreRefused('The database has data. To lose it for that of the backup, say --replace')
  })
  const { applied, unknown } = await migrationStatus({ databaseOwnerUrl })
  if (unknown.length > 0)
    throw new RestoreRefused(`The database is of a newer release (${unknown.join(', ')}): restore into an empty one`)
  onStep('Clearing the database')
  if (applied.length > 0) await migrateDown({ databaseOwnerUrl }, applied.length)
  await withOwner(databaseOwnerUrl, queries.dropQueue)
}

async function load(client: OwnerClient, request: RestoreRequest, contents: Contents): Promise<Finding[]> {
  const { queueMigration } = await queries.readFacts(client)
  if (queueMigration < contents.queueMigration)
    throw new RestoreRefused('The backup has the queue of a newer release: install that, and restore with it')
  const tables = await queries.listTables(client)
  await agreeOnFormats(client)
  await begin(client)
  await queries.prepareLoad(client, tables)
  const structures = await listStructures(client, tables)
  await dropStructures(client, structures)
  let writer: RowWriter | undefined
  await readBackup(request, {
    onTable: async (table, columns) => {
      if (!tables.some(({ name }) => name === table)) throw new RestoreRefused(`There is no table ${table} to load`)
      writer = writeRows(client, table, columns)
    },
    onRows: async (bytes) => writer?.write(bytes),
    onCount: async ({ table, rows }) => {
      const loaded = await writer?.end()
      if (loaded !== rows) throw new RestoreRefused(`Of ${rows} rows of ${table}, ${loaded} were loaded`)
      request.onStep(`${table}: ${rows} rows`)
    },
    onSequences: async ({ values }) => {
      for (const value of values) await queries.setSequence(client, value)
    },
  })
  await queries.freeJobs(client)
  await queries.analyze(client, tables)
  request.onStep('Building constraints and indexes')
  await makeStructures(client, structures).catch(refuseBrokenRule)
  // While row-level security does not bind the owner, who then sees all organizations.
  const findings = [...(await checkClaims(client, { build: false })), await checkSchema(client)]
  await queries.finishLoad(client, tables)
  await commit(client)
  return findings
}

/** Rows that no rule lets in are refused, whoever wrote them into the backup. */
function refuseBrokenRule(error: unknown): never {
  if (!(error instanceof Error) || !databaseErrorOf(error)?.code.startsWith(BROKEN_RULE)) throw error
  throw new RestoreRefused(`The rows of the backup break a rule of the database: ${error.message}`)
}

async function checkChains({ databaseUrl }: RestoreRequest): Promise<Finding> {
  const db = await openDatabase({ url: databaseUrl, poolSize: 2, onError: () => undefined })
  try {
    return await checkTrail(db)
  } finally {
    await db.close()
  }
}
