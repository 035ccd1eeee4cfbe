import { readEnvironment } from '../config/environment.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { endMaintenance } from '../maintenance/maintenance.service.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Opens the installation to visitors again, for every web process within two seconds. One that is open stays so.

  node apps/server/src/main.ts maintenance off

  --json  {"closed": false, "wasClosed": true or false}
`,
  options: JSON_OPTION,
  async run({ output }) {
    const db = await openDatabase(databaseOptions(readEnvironment(), (error) => output.progress(error.message)))
    try {
      const wasClosed = await endMaintenance({ db })
      output.tell({ closed: false, wasClosed }, wasClosed ? 'Open to visitors again.' : 'It was open already.')
      return 0
    } finally {
      await db.close()
    }
  },
})
