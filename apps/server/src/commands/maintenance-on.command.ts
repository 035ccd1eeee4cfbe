import { readEnvironment } from '../config/environment.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { beginMaintenance } from '../maintenance/maintenance.service.ts'
import { systemClock } from '../shared/clock.ts'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

const options = { ...JSON_OPTION, reason: { type: 'string' }, minutes: { type: 'string' } } as const

export const command = defineCommand({
  help: `
Closes the installation to visitors, until \`maintenance off\`. Within two seconds every web process knows: the API answers
503 with Retry-After, pages say in the visitor's language that work is under way, and /health stays up and says so. Static
files are still there. Workers go on: they send what is due, and do what comes with time. Stop them yourself where the
work asks for it. It is kept in the database: work that takes the database away closes the doors of the proxy instead.

  node apps/server/src/main.ts maintenance on
  node apps/server/src/main.ts maintenance on --reason "We move to a larger machine." --minutes 20

  --reason   what visitors are told beside that, as it stands, up to 500 characters
  --minutes  how long it is expected to take: Retry-After goes by it, 300 seconds when left out. It does not end it.
  --json     {"closed": true}

Said again, it changes reason and minutes.
`,
  options,
  async run({ values: { reason, minutes }, output }) {
    if (minutes !== undefined && !/^[1-9]\d{0,3}$/.test(minutes)) throw new UsageError('--minutes takes 1 to 9999')
    if (reason !== undefined && (reason.trim() === '' || reason.length > 500))
      throw new UsageError('--reason takes 1 to 500 characters')
    const db = await openDatabase(databaseOptions(readEnvironment(), (error) => output.progress(error.message)))
    try {
      const request = { reason, minutes: minutes === undefined ? undefined : Number(minutes) }
      await beginMaintenance({ db, clock: systemClock }, request)
      output.tell({ closed: true }, 'Closed to visitors: all web processes know within two seconds. Workers go on.')
      return 0
    } finally {
      await db.close()
    }
  },
})
