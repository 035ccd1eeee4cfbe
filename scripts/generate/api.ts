import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuth } from '../../apps/server/src/auth/auth.service.ts'
import { loadConfig } from '../../apps/server/src/config/config.ts'
import { databaseOptions, openDatabase } from '../../apps/server/src/db/database.ts'
import { migrateUp } from '../../apps/server/src/db/migrate.ts'
import { buildApp } from '../../apps/server/src/http/app.ts'
import { startEmbeddedPostgres } from '../../apps/server/src/local/embedded-postgres.ts'
import { MaintenanceWatch } from '../../apps/server/src/maintenance/maintenance.service.ts'
import { systemClock } from '../../apps/server/src/shared/clock.ts'
import { ROOT, runBin } from '../shared/run-command.ts'

// Writes the OpenAPI document that the routes make, and the client that is made from it.
const CLIENT = join(ROOT, 'packages/client')

await using stack = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-api-'))
stack.defer(() => rm(folder, { recursive: true, force: true }))
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
stack.defer(() => postgres.stop())
const config = loadConfig({
  DATABASE_URL: postgres.ownerUrl,
  SECRET_KEY: 'nothing is signed with this key: no request comes in',
  PUBLIC_URL: 'http://localhost:5000',
  MAIL_SERVER: 'localhost',
})
await migrateUp(config)
const onError = (error: Error) => console.error(error)
const db = await openDatabase(databaseOptions(config, onError))
stack.defer(db.close)
const auth = await createAuth(config, onError)
stack.defer(() => auth.close())
const state = { draining: false }
const maintenance = new MaintenanceWatch({ db, clock: systemClock })
const deps = { config, db, clock: systemClock, auth, redis: undefined, state, maintenance, logger: undefined }
const app = await buildApp(deps)
stack.defer(() => app.close())
await app.ready()
await writeFile(join(CLIENT, 'openapi.json'), `${JSON.stringify(app.swagger(), null, 2)}\n`)
const { ok, output } = await runBin('openapi-ts', ['--file', 'openapi-ts.config.ts', '--silent'], {
  cwd: 'packages/client',
})
if (!ok) throw new Error(`The client could not be made:\n${output}`)
