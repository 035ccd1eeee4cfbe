import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateUp } from '../../../apps/server/src/db/migrate.ts'
import { startMailServer, type MailServer } from './mail-server.ts'
import { startPostgres, type Postgres } from './postgres.ts'
import { webProcess, workerProcess, type Process, type WebProcess } from './processes.ts'
import { startLink, type Link } from './proxy.ts'
import { redisServer, type RedisServer } from './redis.ts'

/** The whole product as in production, with a hand on every part of it. */
export type System = AsyncDisposable & {
  postgres: Postgres
  redis: RedisServer
  mail: MailServer
  web: WebProcess[]
  workers: Process[]
  /** what lies between the product and its servers */
  links: { database: Link; redis: Link }
  /** settings of the product, with the database on its direct address */
  env: Record<string, string>
  /** mends every link, starts what is down, puts every clock right */
  heal: () => Promise<void>
}

export type SystemOptions = { logFolder: string; random: () => number }

const WEB_PROCESSES = 2
const WORKERS = 2

/** Starts PostgreSQL, Redis and a mail server; the processes are not started yet. Dispose of it, and nothing is left. */
export async function startSystem({ logFolder, random }: SystemOptions): Promise<System> {
  const stack = new AsyncDisposableStack()
  try {
    const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-integrity-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const postgres = await startPostgres(join(folder, 'postgres'))
    stack.defer(() => postgres.stop())
    await migrateUp({ databaseOwnerUrl: postgres.url })
    const redis = await redisServer(folder)
    await redis.start()
    stack.defer(() => redis.kill())
    const mail = await startMailServer()
    stack.defer(() => mail.stop())
    const database = await startLink(postgres.port, random)
    stack.defer(() => database.close())
    const toRedis = await startLink(redis.port, random)
    stack.defer(() => toRedis.close())
    const env = {
      DATABASE_URL: postgres.url,
      SECRET_KEY: 'a key for tests that is long enough to be taken',
      MAIL_SERVER: '127.0.0.1',
      MAIL_PORT: String(mail.port),
      LOG_LEVEL: 'warn',
      RATE_LIMIT: 'off',
      ENVIRONMENT: 'development',
      SIGN_UP: 'open',
    }
    const linked = {
      ...env,
      DATABASE_URL: onPort(postgres.url, database.port),
      REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
    }
    const { web, workers } = await describeProcesses(linked, logFolder, stack)
    return {
      ...{ postgres, redis, mail, web, workers, env },
      links: { database, redis: toRedis },
      heal: async () => {
        for (const link of [database, toRedis]) {
          link.mend()
          link.delay(undefined)
        }
        mail.refuse(false)
        await redis.start()
        await Promise.all([...web, ...workers].map(putRight))
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function describeProcesses(env: Record<string, string>, logFolder: string, stack: AsyncDisposableStack) {
  await mkdir(logFolder, { recursive: true })
  const logOf = async (name: string) => {
    const log = await open(join(logFolder, `${name}.log`), 'a')
    stack.defer(() => log.close())
    return log
  }
  const web: WebProcess[] = []
  for (let number = 1; number <= WEB_PROCESSES; number++)
    web.push(await webProcess(`web ${number}`, env, await logOf(`web-${number}`)))
  const workers: Process[] = []
  for (let number = 1; number <= WORKERS; number++) {
    const own = { ...env, PUBLIC_URL: web[0]?.url ?? '' }
    workers.push(workerProcess(`worker ${number}`, own, await logOf(`worker-${number}`)))
  }
  for (const process of [...web, ...workers]) stack.defer(() => process.end('SIGKILL'))
  return { web, workers }
}

async function putRight(process: Process): Promise<void> {
  if (process.skewMs() !== 0) await process.end('SIGTERM')
  await process.start()
}

function onPort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}
