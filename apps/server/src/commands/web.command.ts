import cluster from 'node:cluster'
import { readEnvironment } from '../config/environment.ts'
import { untilStopped } from '../shared/until-stopped.ts'
import { defineCommand } from './command.ts'
import { refuseUnsafe } from './refuse-unsafe.ts'

export const command = defineCommand({
  help: `
Serves the API and the pages. Any number of them may run over one database.

  node apps/server/src/main.ts web

Its settings are environment variables; .env.example names them all. SIGTERM lets it finish what is under way. With
WEB_CONCURRENCY above 1 it keeps that many processes on one port, and SIGHUP replaces them one by one.
`,
  options: {},
  async run() {
    const config = readEnvironment()
    if (cluster.isPrimary) await refuseUnsafe(config)
    // Loaded when it is wanted: --help need not wait for the whole server.
    if (config.webConcurrency > 1 && cluster.isPrimary) {
      const { runCluster } = await import('../http/cluster.ts')
      await runCluster(config)
    } else {
      const { startWeb } = await import('../http/start-web.ts')
      const web = await startWeb(config)
      await untilStopped()
      await web.close()
    }
    // What keeps no connection may keep the process: the channel to the first one of a cluster.
    process.exit()
  },
})
