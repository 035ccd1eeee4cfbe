import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { openShop, type Shop } from '../e2e/docker/business.ts'
import { buildImage, docker, NO_LIMITS, OPEN_DOORS, startStack, type Stack } from '../e2e/docker/compose.ts'
import { applyLoad, type LoadResult } from './load.ts'

// How much the production set-up carries on this machine, with one, two and four application containers.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(
    'npm run bench:containers -- [--seconds 10] [--json]\n\nStarts the Compose set-up, and measures reading and booking through nginx with 1, 2 and 4 application containers,\nand which services the processors work for meanwhile. Needs Docker with Compose v2; nothing that it starts is left.',
  )
  process.exit(0)
}

const SIZES = [1, 2, 4]
const READERS = 32
const BOOKERS = 16
const SERVICES = ['nginx', 'app', 'worker', 'db', 'redis']

type Kind = 'reading' | 'booking'
type Row = { containers: number; kind: Kind; load: LoadResult; processors: Record<string, number> }

const seconds = Number(values.seconds)
const version = `bench-${process.pid}`
const say = (line: string) => console.error(`# ${line}`)
say('building the image, and starting the set-up')
await buildImage(version)
const rows = await measureAll().finally(() => docker('image', 'rm', `slotkeeper:${version}`))
for (const row of rows) console.log(values.json ? toJsonLine(row) : toTableLine(row))

async function measureAll(): Promise<Row[]> {
  await using stack = await startStack(version, { ...OPEN_DOORS, ...NO_LIMITS, APP_CONTAINERS: '1' })
  const shop = await openShop(stack.url, 'capacity', 40)
  const [emptyBytes = '0'] = await stack.sql('select pg_database_size(current_database())')
  const measured: Row[] = []
  for (const containers of SIZES) {
    await stack.compose('up', '-d', '--no-deps', '--no-recreate', '--scale', `app=${containers}`, '--wait', 'app')
    await sleep(2_000)
    for (const kind of ['reading', 'booking'] as const) {
      say(`${kind} with ${containers} application containers`)
      // Whoever has just started is slower.
      await apply(stack, { shop, kind, forSeconds: 3 })
      const load = apply(stack, { shop, kind, forSeconds: seconds })
      await sleep((seconds * 1_000) / 3)
      const [processors, result] = await Promise.all([processorsOf(stack), load])
      measured.push({ containers, kind, load: result, processors })
    }
  }
  const [size = '', bookings = ''] = (
    await stack.sql(`select pg_database_size(current_database()) || ' ' || (select count(*) from booking)`)
  )
    .join(' ')
    .split(' ')
  const each = (Number(size) - Number(emptyBytes)) / Number(bookings)
  say(`${bookings} bookings took ${(each / 1024).toFixed(1)} kB each, with claims, messages, trail and jobs`)
  return measured
}

function apply({ url }: Stack, { shop, kind, forSeconds }: { shop: Shop; kind: Kind; forSeconds: number }) {
  const api = `/api/v1/organizations/${shop.slug}`
  if (kind === 'reading') {
    const day = Temporal.Now.plainDateISO('UTC').add({ days: 300 }).toString()
    const path = `${api}/services/half/slots?from=${day}&to=${day}`
    return applyLoad({ url: `${url}${path}`, seconds: forSeconds, connections: READERS })
  }
  let number = 0
  const customer = () => ({ name: 'A customer', email: `c${number++}@example.com` })
  const request = () => ({ path: `${api}/bookings`, body: { service: 'half', ...shop.next(), customer: customer() } })
  return applyLoad({ url, seconds: forSeconds, connections: BOOKERS, request })
}

/** How many processors each service keeps busy right now, by what Docker counts over a second. */
async function processorsOf({ project }: Stack): Promise<Record<string, number>> {
  const told = await docker('stats', '--no-stream', '--format', '{{.Name}} {{.CPUPerc}}')
  const busy: Record<string, number> = {}
  for (const line of told.split('\n')) {
    const [name = '', percent = '0'] = line.split(' ')
    const service = SERVICES.find((one) => name.startsWith(`${project}-${one}-`))
    if (service) busy[service] = (busy[service] ?? 0) + Number.parseFloat(percent) / 100
  }
  return busy
}

function failedOf({ statuses, errors }: LoadResult): number {
  const bad = Object.entries(statuses).filter(([status]) => !/^2/.test(status))
  return bad.reduce((sum, [, count]) => sum + count, errors)
}

function toTableLine({ containers, kind, load, processors }: Row): string {
  const busy = SERVICES.map((service) => `${service} ${(processors[service] ?? 0).toFixed(2)}`).join(', ')
  const speed = `${load.perSecond.toFixed(0)}/s, half within ${load.p50Ms} ms, 99 % within ${load.p99Ms} ms`
  return `${containers} containers, ${kind}: ${speed}, ${failedOf(load)} failed; processors busy: ${busy}`
}

function toJsonLine({ containers, kind, load, processors }: Row): string {
  const name = `docker.capacity.${kind}.${containers}`
  const { perSecond, p50Ms, p99Ms } = load
  return JSON.stringify({
    name,
    value: Math.round(perSecond),
    unit: '/s',
    p50Ms,
    p99Ms,
    failed: failedOf(load),
    processors,
  })
}
