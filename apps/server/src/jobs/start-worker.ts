import { EventEmitter } from 'node:events'
import { run, type WorkerEvents } from 'graphile-worker'
import type { DestinationStream } from 'pino'
import { SharedWrites } from '../bookings/shared-writes.ts'
import { Availability } from '../availability/availability.service.ts'
import { backupAgeS } from '../backups/backups.service.ts'
import type { Config } from '../config/config.ts'
import { connectionOptions, databaseOptions, openDatabase, openPool } from '../db/database.ts'
import { createMailer } from '../notifications/mailer.ts'
import { watchFigure, watchPool } from '../observe/process-metrics.ts'
import { startObserving } from '../observe/start-observing.ts'
import { systemClock } from '../shared/clock.ts'
import { createLinkSigners } from '../shared/link-token.ts'
import { watchFigures } from './figure-metrics.ts'
import { keepRunning } from './keep-running.ts'
import { watchQueue } from './queue-metrics.ts'
import { CRON_ITEMS, tasksOf } from './tasks.ts'
import { toQueueLogger, watchJobs } from './watch-jobs.ts'

export type RunningWorker = {
  /** takes no more jobs, finishes those under way, then ends */
  close: () => Promise<void>
}

/** Jobs that one worker does at the same time. */
const CONCURRENCY = 4

/** A job that is queued is noticed at once; this is for those that were put off. */
const POLL_MS = 1_000

/** How long to wait before the queue is started again after it gave up. */
const RESTART_MS = 1_000

/** A queue that is to end waits for its jobs; one that takes longer than this is left behind. */
const END_MS = 15_000

/** Whoever watches it also asks whether it is there at all: without a database nobody knows it. */
const BACKUP_AGE = 'How long ago the newest backup that succeeded ended.'

/** Starts the worker process: what bookings queued is sent out, and what time brings is done. */
export async function startWorker(config: Config, log?: DestinationStream): Promise<RunningWorker> {
  const stack = new AsyncDisposableStack()
  try {
    const { logger, close: stopObserving } = await startObserving('worker', config, log)
    stack.defer(stopObserving)
    const onError = (err: Error) => logger.warn({ err }, 'an idle connection broke')
    const db = await openDatabase(databaseOptions(config, onError))
    stack.defer(db.close)
    stack.defer(watchPool('worker', db.pool))
    const queue = openPool({ ...(await connectionOptions(config.databaseUrl)), max: CONCURRENCY + 2 }, onError)
    stack.defer(() => queue.end())
    const mailer = createMailer(config)
    stack.defer(() => mailer.close())
    const deps = {
      ...{ db, clock: systemClock, mailer, config },
      ...createLinkSigners(config),
      availability: new Availability({ db, clock: systemClock }),
      writes: new SharedWrites({ db, clock: systemClock }),
    }
    const tasks = watchJobs(tasksOf(deps), logger)
    stack.defer(watchQueue({ pool: queue }, Object.keys(tasks)))
    stack.defer(watchFigures(deps))
    // Without a database there is no figure, which is a sign of its own.
    stack.defer(watchFigure('slotkeeper_backup_age_seconds', BACKUP_AGE, () => backupAgeS(deps).catch(() => undefined)))
    const lost: string[] = []
    const start = async () => {
      // A queue that gave up could not say so of the jobs it had taken: nobody else would do them for hours.
      if (lost.length > 0) await queue.query('select graphile_worker.force_unlock_workers($1)', [lost])
      const events: WorkerEvents = new EventEmitter()
      events.on('pool:create', ({ workerPool }) => lost.push(workerPool.id))
      const inTime = timeLimit(events)
      const runner = await run({
        events,
        pgPool: queue,
        concurrency: CONCURRENCY,
        pollInterval: POLL_MS,
        noHandleSignals: true,
        // Written down and waited for: otherwise a worker that ends leaves jobs locked that it has done, and an outcome that
        // cannot be written ends the process.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
        parsedCronItems: CRON_ITEMS,
        logger: toQueueLogger(logger),
        taskList: tasks,
      })
      return { promise: inTime(runner.promise), stop: () => inTime(runner.stop()) }
    }
    const onTrouble = (err: unknown) => logger.error({ err }, 'the queue stopped and is started again')
    const runner = await keepRunning({ start, onTrouble, pauseMs: RESTART_MS })
    stack.defer(() => runner.stop())
    return { close: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

/** Waits for the end of a queue, from when it begins to end no longer than END_MS: else no other could take its place. */
function timeLimit(events: WorkerEvents): (end: Promise<void>) => Promise<void> {
  const overdue = Promise.withResolvers<never>()
  // Told to whoever waits for the end below; with nobody waiting it must not end the process.
  overdue.promise.catch(() => undefined)
  events.on('pool:gracefulShutdown', () => {
    setTimeout(() => overdue.reject(new Error('The queue did not end in time')), END_MS).unref()
  })
  return (end) => Promise.race([end, overdue.promise])
}
