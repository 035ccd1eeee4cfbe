import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../apps/server/src/local/embedded-postgres.ts'
import { clusterPaths } from '../../../apps/server/src/local/postgres-cluster.ts'
import { postmasterId } from '../../../apps/server/src/local/postmaster.ts'

/** A real PostgreSQL that keeps what it has committed, and remembers when. */
export type Postgres = {
  /** the superuser's address */
  url: string
  port: number
  /** as `pg_ctl restart -m fast` (everybody is disconnected) or `-m immediate` (as if the power had gone) */
  restart: (mode: 'fast' | 'immediate') => Promise<void>
  stop: () => Promise<void>
}

/** Commit timestamps say afterwards at which moment each change became visible. */
const SETTINGS = { fsync: 'on', synchronous_commit: 'on', track_commit_timestamp: 'on', max_connections: 200 }

export async function startPostgres(dataDir: string): Promise<Postgres> {
  let running: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS })
  const { port, ownerUrl: url } = running
  return {
    url,
    port,
    restart: async (mode) => {
      const pid = await postmasterId(clusterPaths(dataDir).clusterDir)
      // What `pg_ctl` itself sends for that mode; the rest of the way is the same.
      if (mode === 'immediate' && pid !== undefined) process.kill(pid, 'SIGQUIT')
      await running.stop()
      running = await startEmbeddedPostgres({ dataDir, port, settings: SETTINGS })
      if (running.port !== port) throw new Error(`PostgreSQL lost its port ${port} to another program`)
    },
    stop: () => running.stop(),
  }
}
