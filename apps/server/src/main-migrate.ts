import { parseArgs } from 'node:util'
import { readEnvironment } from './config/environment.ts'
import { migrateDown, migrateUp } from './db/migrate.ts'

const HELP = `Brings the database's schema to the newest version, or back.

  node apps/server/src/main-migrate.ts            every migration that has not run yet
  node apps/server/src/main-migrate.ts --down 1   takes back the newest migration

It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set. Any number of them may run at once: one works, the
others wait.`

const { values } = parseArgs({ options: { down: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
if (values.help) {
  console.log(HELP)
} else if (values.down === undefined) {
  const ran = await migrateUp(readEnvironment())
  console.log(ran.length === 0 ? 'The schema is up to date.' : `Applied: ${ran.join(', ')}`)
} else {
  const count = Number(values.down)
  if (!Number.isInteger(count) || count < 1)
    throw new Error('--down takes the number of migrations to take back, such as 1')
  const ran = await migrateDown(readEnvironment(), count)
  console.log(ran.length === 0 ? 'There is nothing to take back.' : `Taken back: ${ran.join(', ')}`)
}
