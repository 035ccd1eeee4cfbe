import { loadConfig } from './config/config.ts'
import { startWorker } from './jobs/start-worker.ts'
import { untilStopped } from './shared/until-stopped.ts'

const worker = await startWorker(loadConfig(process.env))
await untilStopped()
await worker.close()
