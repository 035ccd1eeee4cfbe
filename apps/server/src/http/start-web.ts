import { pino } from 'pino'
import { createAuth } from '../auth/auth.service.ts'
import type { Config } from '../config/config.ts'
import { preparePageSettings } from '../config/page-settings.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { connectRedis } from '../db/redis.ts'
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
  const logger = pino({ level: config.logLevel })
  const stack = new AsyncDisposableStack()
  try {
    const onError = (err: Error) => logger.warn({ err }, 'an idle connection broke')
    const db = await openDatabase(databaseOptions(config, onError))
    stack.defer(db.close)
    const redis = config.redisUrl ? connectRedis(config.redisUrl, onError) : undefined
    stack.defer(() => redis?.disconnect())
    const auth = await createAuth(config, onError)
    stack.defer(() => auth.close())
    const state = { draining: false }
    const app = await buildApp({ config, db, clock: systemClock, auth, redis, state, logger })
    stack.defer(() => app.close())
    preparePageSettings()
    await mountPages(app, config)
    const address = await app.listen({ port: config.port, host: config.host })
    const close = async () => {
      state.draining = true
      await stack.disposeAsync()
    }
    return { address, close }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
