import { readEnvironment } from '../config/environment.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { listRetention } from '../retention/retention.service.ts'
import { systemClock } from '../shared/clock.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { formatTable } from './format-table.ts'

export const command = defineCommand({
  help: `
Says what is kept for how long, how old the oldest of it is, and what removes it. Ends with 1 when something is older than
it should be: then no worker has run for days, or its job fails.

  node apps/server/src/main.ts retention

  --json  [{"kind", "keptFor", "oldest", "overdue", "enforcedBy"}]
`,
  options: JSON_OPTION,
  async run({ output }) {
    const config = readEnvironment()
    const db = await openDatabase(databaseOptions(config, (error) => output.progress(error.message)))
    try {
      const kinds = await listRetention({ db, clock: systemClock, config })
      const rows = kinds.map(({ kind, keptFor, oldest = '-', overdue, enforcedBy }) => {
        return [kind, keptFor, `${oldest}${overdue ? ' OVERDUE' : ''}`, enforcedBy]
      })
      output.tell(kinds, formatTable([['kind', 'kept for', 'oldest', 'enforced by'], ...rows]))
      return kinds.some(({ overdue }) => overdue) ? 1 : 0
    } finally {
      await db.close()
    }
  },
})
