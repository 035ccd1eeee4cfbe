import { readEnvironment } from './config/environment.ts'
import { startWeb } from './http/start-web.ts'
import { answerHelp } from './shared/command-help.ts'
import { untilStopped } from './shared/until-stopped.ts'

answerHelp(`
Serves the API and the pages. Any number of them may run over one database.

  node apps/server/src/main-web.ts

Its settings are environment variables; .env.example names them all. SIGTERM lets it finish what is under way.
`)
const web = await startWeb(readEnvironment())
await untilStopped()
await web.close()
