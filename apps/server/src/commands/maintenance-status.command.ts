import { readEnvironment } from '../config/environment.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { readMaintenance, type Maintenance } from '../maintenance/maintenance.service.ts'
import { toInstantText } from '../shared/clock.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Says whether the installation is closed to visitors, since when, why, and until when it is expected to be. Ends with 0 in
either case.

  node apps/server/src/main.ts maintenance status

  --json  {"closed", "since", "expectedEnd", "reason"}
`,
  options: JSON_OPTION,
  async run({ output }) {
    const db = await openDatabase(databaseOptions(readEnvironment(), (error) => output.progress(error.message)))
    try {
      const closed = await readMaintenance({ db })
      if (closed) output.tell({ closed: true, ...toldOf(closed) }, describe(closed))
      else output.tell({ closed: false }, 'Open to visitors.')
      return 0
    } finally {
      await db.close()
    }
  },
})

function toldOf({ beganMs, expectedEndMs, reason }: Maintenance) {
  const expectedEnd = expectedEndMs === undefined ? undefined : toInstantText(expectedEndMs)
  return { since: toInstantText(beganMs), expectedEnd, reason }
}

function describe(maintenance: Maintenance): string {
  const { since, expectedEnd, reason } = toldOf(maintenance)
  const until = expectedEnd === undefined ? '' : `, expected until ${expectedEnd}`
  return `Closed to visitors since ${since}${until}${reason === undefined ? '' : `: ${reason}`}`
}
