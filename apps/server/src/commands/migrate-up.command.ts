import { readEnvironment } from '../config/environment.ts'
import { migrateUp } from '../db/migrate.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Brings the database's schema to the newest version: runs every migration that has not run yet.

  node apps/server/src/main.ts migrate up

  --json  {"applied": [names]}

It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set. Any number of them may run at once: one works, the
others wait.
`,
  options: JSON_OPTION,
  async run({ output }) {
    output.progress('Migrating')
    const applied = await migrateUp(readEnvironment())
    output.tell({ applied }, applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`)
    return 0
  },
})
