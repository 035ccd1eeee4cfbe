import { createMigration } from '../db/new-migration.ts'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

export const command = defineCommand({
  help: `
Begins a new migration: the next number, a name in small letters, and what it must say of itself. For developers.

  node apps/server/src/main.ts migrate create booking_colour

  --json  {"file": path}

It needs no database and no settings. \`npm run generate:database\` then writes what follows from it.
`,
  options: JSON_OPTION,
  takes: { atLeast: 1, atMost: 1 },
  async run({ positionals: [name = ''], output }) {
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      throw new UsageError('A name has small letters, digits and _, such as booking_colour')
    const file = await createMigration(name)
    output.tell({ file }, file)
    return 0
  },
})
