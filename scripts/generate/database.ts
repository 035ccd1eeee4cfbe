import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { migrateUp } from '../../apps/server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../apps/server/src/local/embedded-postgres.ts'
import { dumpSchema } from './dump-schema.ts'

// Writes what is derived from the migrations: the types of the tables, and the schema as a person reads it.
const ROOT = join(import.meta.dirname, '..', '..')
const TYPES = join(ROOT, 'apps/server/src/db/schema.generated.ts')
const SCHEMA = join(ROOT, 'apps/server/migrations/schema.sql')

const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-schema-'))
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
try {
  await migrateUp({ databaseOwnerUrl: postgres.ownerUrl })
  const codegen = join(ROOT, 'node_modules/.bin/kysely-codegen')
  await promisify(execFile)(codegen, [
    ...['--dialect', 'postgres', '--url', postgres.ownerUrl, '--out-file', TYPES, '--camel-case'],
    ...['--default-schema', 'public', '--include-pattern', 'public.*', '--exclude-pattern', '*.schema_migration'],
    ...['--type-mapping', '{"int8":"number"}'],
  ])
  const client = new pg.Client({ connectionString: postgres.ownerUrl })
  await client.connect()
  await writeFile(SCHEMA, await dumpSchema(client))
  await client.end()
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
