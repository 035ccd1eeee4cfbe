import { readEnvironment } from '../config/environment.ts'
import { untilStopped } from '../shared/until-stopped.ts'
import { defineCommand } from './command.ts'
import { refuseUnsafe } from './refuse-unsafe.ts'

export const command = defineCommand({
  help: `
Sends what bookings have queued, and does what is due every few minutes. Any number of them may run over one database.

  node apps/server/src/main.ts worker

Its settings are environment variables; .env.example names them all. SIGTERM lets it finish what is under way.
`,
  options: {},
  async run() {
    // Loaded when it is wanted: --help need not wait for the whole server.
    const { startWorker } = await import('../jobs/start-worker.ts')
    const config = readEnvironment()
    await refuseUnsafe(config)
    const worker = await startWorker(config)
    await untilStopped()
    await worker.close()
    // A queue that gave up may leave timers behind, which would keep the process.
    process.exit()
  },
})
