import { loadConfig, type Config } from './config/config.ts'
import { migrateUp } from './db/migrate.ts'
import { seedDemo } from './demo/demo.service.ts'
import { startWeb } from './http/start-web.ts'
import { startWorker } from './jobs/start-worker.ts'
import { runLocal } from './local/run-local.ts'
import { answerHelp } from './shared/command-help.ts'

answerHelp(`
Runs all of Slotkeeper on this machine: PostgreSQL, mail inbox, API, pages and worker, with a demo business.

  npm start                      everything, on port 5000
  PORT=8080 npm start            on another port
  DATA_DIR=/srv/data npm start   with its data in another folder than .data

DATABASE_URL, REDIS_URL and MAIL_SERVER name real services to use instead of its own. Ctrl-C stops all of it.
`)
// One process has one set of figures: the web part tells those of the worker, too.
const startQuietWorker = (config: Config) => startWorker({ ...config, metricsPort: undefined })
process.exit(await runLocal({ loadConfig, migrateUp, seedDemo, startWeb, startWorker: startQuietWorker }))
