import { loadConfig } from './config/config.ts'
import { startWeb } from './http/start-web.ts'
import { untilStopped } from './shared/until-stopped.ts'

const web = await startWeb(loadConfig(process.env))
await untilStopped()
await web.close()
