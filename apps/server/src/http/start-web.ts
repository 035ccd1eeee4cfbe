import { setTimeout as sleep } from 'node:timers/promises'
import { createAuth } from '../auth/auth.service.ts'
import type { Config } from '../config/config.ts'
import { preparePageSettings } from '../config/page-settings.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { connectRedis } from '../db/redis.ts'
import { watchPool } from '../observe/process-metrics.ts'
import { startObserving } from '../observe/start-observing.ts'
import { MaintenanceWatch } from '../maintenance/maintenance.service.ts'
import { systemClock } from '../shared/clock.ts'
import { buildApp } from './app.ts'
import { mountPages } from './web-pages.ts'

export type RunningWeb = {
  /** where it listens, such as http://0.0.0.0:5000 */
  address: string
  /** stops taking visitors, finishes what is under way, then ends */
  close: () => Promise<void>
}

/** Starts the web process: API and pages. */
export async function startWeb(config: Config): Promise<RunningWeb> {
  const stack = new AsyncDisposableStack()
  try {
    const { logger, close: stopObserving } = await startObserving('web', config)
    stack.defer(stopObserving)
    const onError = (err: Error) => logger.warn({ err }, 'an idle connection broke')
    const db = await openDatabase(databaseOptions(config, onError))
    stack.defer(db.close)
    stack.defer(watchPool('web', db.pool))
    const redis = config.redisUrl ? connectRedis(config.redisUrl, onError, config.redisTls) : undefined
    stack.defer(() => redis?.disconnect())
    const auth = await createAuth(config, onError)
    stack.defer(() => auth.close())
    const state = { draining: false }
    const maintenance = new MaintenanceWatch({ db, clock: systemClock })
    const app = await buildApp({ config, db, clock: systemClock, auth, redis, state, maintenance, logger })
    stack.defer(() => app.close())
    preparePageSettings()
    await mountPages(app, { publicUrl: config.publicUrl, signUp: config.signUp, maintenance })
    const address = await app.listen({ port: config.port, host: config.host })
    const close = async () => {
      state.draining = true
      await sleep(config.drainMs)
      await stack.disposeAsync()
      await sleep(config.lingerMs)
    }
    return { address, close }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
