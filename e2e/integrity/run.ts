import { join } from 'node:path'
import { ROOT, runCommand } from '../../scripts/shared/run-command.ts'
import { randomFrom } from '../stack/random.ts'
import { createBusiness, type Business } from './clients/business.ts'
import { runClients } from './clients/client.ts'
import { closeConnections } from './clients/http.ts'
import { createMemory, type Client } from './clients/memory.ts'
import { createProber } from './clients/probes.ts'
import type { AuditReport, Evidence } from './evidence/evidence.ts'
import { readEvidence } from './evidence/read.ts'
import { installRecorder } from './evidence/recorder.ts'
import { passTime, untilDone, untilIdle, type Rest } from './evidence/settle.ts'
import { asSuperuser } from './evidence/superuser.ts'
import { runFaults } from './faults/schedule.ts'
import type { Entry } from './history.ts'
import type { Options, Sabotage } from './options.ts'
import type { Journal } from './journal.ts'
import { showProgress } from './progress.ts'
import { startSystem, type System } from './system/system.ts'

export type RunOptions = { options: Options; logFolder: string; journal: Journal; say: (line: string) => void }

/** Starts everything, lets clients and faults loose, heals what was broken, and gathers what there is to know. */
export async function run({ options, logFolder, journal, say }: RunOptions): Promise<Evidence> {
  await using system = await startSystem({ logFolder, random: randomFrom(options.seed + 1) })
  const { postgres, web, workers } = system
  await asSuperuser(postgres.url, async (superuser) => {
    await installRecorder(superuser)
    await sabotage(superuser, options.sabotage)
  })
  await Promise.all([...web, ...workers].map((process) => process.start()))
  const urls = web.map(({ url }) => url)
  const businesses = [
    await createBusiness(urls[0] ?? '', { slug: 'north', timeZone: 'Europe/Berlin' }),
    await createBusiness(urls[1] ?? '', { slug: 'south', timeZone: 'America/New_York' }),
  ]
  await letLoose({ options, system, journal, businesses, urls, say })
  await system.heal()
  const rest = await settle({ system, journal, client: clientOf(options, businesses, PROBER), urls, say })
  say(
    `settled: ${Object.entries(rest)
      .map(([name, count]) => `${count} ${name} left`)
      .join(', ')}`,
  )
  for (const process of [...web, ...workers])
    if (process.endings() > 0) say(`${process.name} ended ${process.endings()} times by itself, and was started again`)
  const audit = { ...(await verifyAudit(system)), unsealed: rest.unsealed }
  closeConnections()
  const read = await asSuperuser(postgres.url, readEvidence)
  return { ...read, ...journal, businesses, deliveries: [...system.mail.deliveries], audit }
}

const PROBER = 10_000

async function sabotage(superuser: { query: (text: string) => Promise<unknown> }, kind: Sabotage): Promise<void> {
  if (kind === 'drop-constraint') await superuser.query('alter table claim drop constraint claim_no_overlap')
}

function clientOf({ seed }: Options, businesses: Business[], number: number, memory = createMemory()): Client {
  const random = randomFrom(seed * 1_000 + number)
  return { number, random, memory, businesses, bookings: [], holds: [], fulfilled: [], asked: 0 }
}

type Scene = {
  options: Options
  system: System
  journal: Journal
  businesses: Business[]
  urls: string[]
  say: (line: string) => void
}

async function letLoose({ options, system, journal, businesses, urls, say }: Scene): Promise<void> {
  const memory = createMemory()
  const clients = Array.from({ length: options.clients }, (_, number) => clientOf(options, businesses, number, memory))
  const endsAtMs = Date.now() + options.seconds * 1_000
  const stopShowing = showProgress(journal, endsAtMs, say)
  const record = (entry: Entry) => void journal.history.push(entry)
  const isOver = () => Date.now() >= endsAtMs
  const faulty = runFaults({
    ...{ system, faults: options.faults, random: randomFrom(options.seed), endsAtMs },
    record: (struck) => void journal.faults.push(struck),
  })
  try {
    // Who still waits for an answer gets it once all is well again.
    await Promise.all([runClients({ urls, clients, record, isOver }), faulty.then(() => system.heal())])
  } finally {
    stopShowing()
  }
}

type Settling = Omit<Scene, 'options' | 'businesses'> & { client: Client }

async function settle({ system, journal, client, urls, say }: Settling): Promise<Rest> {
  const record = (entry: Entry) => void journal.history.push(entry)
  const prober = createProber({ urls, client, record })
  say('all is well again: waiting for what is under way')
  return asSuperuser(system.postgres.url, async (superuser) => {
    await untilIdle(superuser)
    await prober.endWaiting()
    await prober.holdSome()
    await passTime(superuser)
    await prober.bookSome()
    // A worker that starts looks for what the dead have left.
    for (const worker of system.workers) {
      await worker.end('SIGTERM')
      await worker.start()
    }
    return untilDone(superuser)
  })
}

async function verifyAudit({ env, web }: System): Promise<Omit<AuditReport, 'unsealed'>> {
  const entry = join(ROOT, 'apps', 'server', 'src', 'main.ts')
  return runCommand(process.execPath, [entry, 'audit', 'verify'], { env: { ...env, PUBLIC_URL: web[0]?.url ?? '' } })
}
