import { loadConfig } from './config/config.ts'
import { migrateUp } from './db/migrate.ts'

const ran = await migrateUp(loadConfig(process.env))
console.log(ran.length === 0 ? 'The schema is up to date.' : `Applied: ${ran.join(', ')}`)
