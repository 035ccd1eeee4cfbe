import { readEnvironment } from '../config/environment.ts'
import { migrateDown } from '../db/migrate.ts'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

export const command = defineCommand({
  help: `
Takes back the newest migration, or the newest N of them. What their columns and tables held is gone: back up before.

  node apps/server/src/main.ts migrate down
  node apps/server/src/main.ts migrate down 2

  --json  {"takenBack": [names]}

It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set.
`,
  options: JSON_OPTION,
  takes: { atLeast: 0, atMost: 1 },
  async run({ positionals: [text = '1'], output }) {
    const count = Number(text)
    if (!Number.isInteger(count) || count < 1)
      throw new UsageError('migrate down takes the number of migrations to take back, such as 1')
    output.progress('Migrating')
    const takenBack = await migrateDown(readEnvironment(), count)
    const sentence = takenBack.length === 0 ? 'There is nothing to take back.' : `Taken back: ${takenBack.join(', ')}`
    output.tell({ takenBack }, sentence)
    return 0
  },
})
