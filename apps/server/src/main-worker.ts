import { readEnvironment } from './config/environment.ts'
import { startWorker } from './jobs/start-worker.ts'
import { answerHelp } from './shared/command-help.ts'
import { untilStopped } from './shared/until-stopped.ts'

answerHelp(`
Sends what bookings have queued, and does what is due every few minutes. Any number of them may run over one database.

  node apps/server/src/main-worker.ts

Its settings are environment variables; .env.example names them all. SIGTERM lets it finish what is under way.
`)
const worker = await startWorker(readEnvironment())
await untilStopped()
await worker.close()
// A queue that gave up may leave timers behind, which would keep the process.
process.exit()
