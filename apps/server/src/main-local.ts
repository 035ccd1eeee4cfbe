import { loadConfig } from './config/config.ts'
import { migrateUp } from './db/migrate.ts'
import { seedDemo } from './demo/demo.service.ts'
import { startWeb } from './http/start-web.ts'
import { startWorker } from './jobs/start-worker.ts'
import { runLocal } from './local/run-local.ts'

process.exit(await runLocal({ loadConfig, migrateUp, seedDemo, startWeb, startWorker }))
