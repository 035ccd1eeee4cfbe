import { EventEmitter } from 'node:events'
import { Logger, parseCronItems, run, type WorkerEvents } from 'graphile-worker'
import { pino } from 'pino'
import { prepareAudit, sealAudit } from '../audit/audit.service.ts'
import { sweepClaims, sweepHolds } from '../bookings/bookings.service.ts'
import { sweepBookings } from '../bookings/life.service.ts'
import type { Config } from '../config/config.ts'
import { connectionOptions, databaseOptions, openDatabase, openPool } from '../db/database.ts'
import { sweepAnswers } from '../idempotency/idempotency.service.ts'
import { createMailer } from '../notifications/mailer.ts'
import { deliverMessages, sweepMessages } from '../notifications/notifications.service.ts'
import { listOrganizationIds } from '../organizations/organizations.service.ts'
import { systemClock } from '../shared/clock.ts'
import { createLinkSigner } from '../shared/link-token.ts'
import { keepRunning } from './keep-running.ts'
import { parseDelivery } from './payloads.ts'

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

/** What is done for every organization again and again, at these minutes. What was missed is not made up for. */
const CRON_ITEMS = parseCronItems([
  { task: 'audit.seal', match: '* * * * *' },
  { task: 'holds.sweep', match: '*/5 * * * *' },
  { task: 'bookings.sweep', match: '*/5 * * * *' },
  { task: 'messages.sweep', match: '*/10 * * * *' },
  { task: 'idempotency.sweep', match: '17 * * * *' },
  { task: 'claims.sweep', match: '53 3 * * *' },
  // Months ahead: a day that was missed makes no difference.
  { task: 'audit.prepare', match: '23 3 * * *' },
])

/** Starts the worker process: what bookings queued is sent out, and what time brings is done. */
export async function startWorker(config: Config): Promise<RunningWorker> {
  const logger = pino({ level: config.logLevel })
  const onError = (err: Error) => logger.warn({ err }, 'an idle connection broke')
  const stack = new AsyncDisposableStack()
  try {
    const db = await openDatabase(databaseOptions(config, onError))
    stack.defer(db.close)
    const queue = openPool({ ...(await connectionOptions(config.databaseUrl)), max: CONCURRENCY + 2 }, onError)
    stack.defer(() => queue.end())
    const mailer = createMailer(config)
    stack.defer(() => mailer.close())
    const deps = {
      ...{ db, clock: systemClock, mailer, config },
      links: createLinkSigner(config.secretKey),
      decisions: createLinkSigner(config.secretKey, 'booking decision'),
    }
    const forEach = (work: (organizationId: string) => Promise<unknown>) => async () =>
      eachOf(await listOrganizationIds(db), work)
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
        logger: toWorkerLogger(logger),
        taskList: {
          'messages.deliver': (payload) => deliverMessages(deps, parseDelivery(payload)),
          'audit.seal': forEach((id) => sealAudit(deps, id)),
          'holds.sweep': forEach((id) => sweepHolds(deps, id)),
          'bookings.sweep': forEach((id) => sweepBookings(deps, id)),
          'messages.sweep': forEach((id) => sweepMessages(deps, id)),
          'idempotency.sweep': forEach((id) => sweepAnswers(deps, id)),
          'claims.sweep': forEach((id) => sweepClaims(deps, id)),
          'audit.prepare': () => prepareAudit(deps).then(() => undefined),
        },
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

/**
 * Works for one after the other; what fails for one keeps nobody else from having it done.
 * @throws {AggregateError} when it failed for some
 */
async function eachOf(organizationIds: string[], work: (organizationId: string) => Promise<unknown>): Promise<void> {
  const failures: Error[] = []
  for (const id of organizationIds) {
    try {
      await work(id)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      failures.push(new Error(`organization ${id}: ${reason}`, { cause: error }))
    }
  }
  // The queue keeps and logs the message alone.
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'))
}

/** The queue's own words in our log; a failed job is a warning, as it is tried again. */
function toWorkerLogger(logger: pino.Logger): Logger {
  return new Logger(({ jobId, taskIdentifier }) => (level, message) => {
    const fields = { jobId, task: taskIdentifier }
    if (level === 'error' || level === 'warning') logger.warn(fields, message)
    else logger.debug(fields, message)
  })
}
