import { readEnvironment } from '../config/environment.ts'
import { migrationStatus } from '../db/migrate.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Says which migrations have run in the database, and which wait. Ends with 1 when one waits, or when the database has one
that this release does not know.

  node apps/server/src/main.ts migrate status

  --json  {"applied": [names], "waiting": [names], "unknown": [names]}

It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set, and changes nothing.
`,
  options: JSON_OPTION,
  async run({ output }) {
    const status = await migrationStatus(readEnvironment())
    const { applied, waiting, unknown } = status
    const lines = [
      ...applied.map((name) => `applied  ${name}`),
      ...waiting.map((name) => `waiting  ${name}`),
      ...unknown.map((name) => `unknown  ${name} (a newer release made it)`),
    ]
    output.tell(status, lines.join('\n'))
    return waiting.length + unknown.length > 0 ? 1 : 0
  },
})
