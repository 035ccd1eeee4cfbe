import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from '../system/system.ts'

export type FaultContext = { system: System; random: () => number }

/**
 * One kind of fault: it breaks something, waits a little where that belongs to it, and mends it. Of those that break the
 * same part, one at a time is under way.
 */
export type Fault = { kind: string; part: string; strike: (context: FaultContext) => Promise<void> }

const SKEW_MS = 90_000

/** Every fault. Another one is a line here. */
export const FAULTS: Fault[] = [
  { kind: 'web-kill', part: 'web', strike: killWeb },
  { kind: 'worker-kill', part: 'workers', strike: killWorker },
  { kind: 'postgres-fast', part: 'postgres', strike: ({ system }) => system.postgres.restart('fast') },
  { kind: 'postgres-immediate', part: 'postgres', strike: ({ system }) => system.postgres.restart('immediate') },
  { kind: 'redis-kill', part: 'redis', strike: killRedis },
  { kind: 'redis-cut', part: 'link to redis', strike: (context) => cut(context, 'redis') },
  { kind: 'database-cut', part: 'link to database', strike: (context) => cut(context, 'database') },
  {
    kind: 'database-delay',
    part: 'link to database',
    strike: (context) => slowDown(context, { minMs: 50, maxMs: 300 }, 5_000),
  },
  {
    kind: 'database-stall',
    part: 'link to database',
    strike: (context) => slowDown(context, { minMs: 3_000, maxMs: 6_000 }, 3_000),
  },
  { kind: 'clock-skew', part: 'web', strike: skewClock },
  { kind: 'mail-later', part: 'mail', strike: refuseMail },
]

async function killWeb({ system, random }: FaultContext): Promise<void> {
  const process = one(system.web, random)
  await process.end('SIGKILL')
  await process.start(process.skewMs())
}

async function killWorker({ system, random }: FaultContext): Promise<void> {
  const process = one(system.workers, random)
  await process.end('SIGKILL')
  await sleep(random() * 1_000)
  await process.start()
}

async function killRedis({ system, random }: FaultContext): Promise<void> {
  await system.redis.kill()
  await sleep(random() * 3_000)
  await system.redis.start()
}

async function cut({ system, random }: FaultContext, name: 'database' | 'redis'): Promise<void> {
  const link = system.links[name]
  link.cut()
  await sleep(500 + random() * 2_500)
  link.mend()
}

async function slowDown(
  { system }: FaultContext,
  delay: { minMs: number; maxMs: number },
  lastsMs: number,
): Promise<void> {
  system.links.database.delay(delay)
  await sleep(lastsMs)
  system.links.database.delay(undefined)
}

/** A process goes on with its clock up to 90 s wrong, until this strikes it again. It ends in good order, as at a roll-out. */
async function skewClock({ system, random }: FaultContext): Promise<void> {
  const process = one(system.web, random)
  await process.end('SIGTERM')
  await process.start(Math.round((random() * 2 - 1) * SKEW_MS))
}

async function refuseMail({ system, random }: FaultContext): Promise<void> {
  system.mail.refuse(true)
  await sleep(1_000 + random() * 2_000)
  system.mail.refuse(false)
}

function one<Item>(items: Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (!item) throw new Error('there is nothing to strike')
  return item
}
