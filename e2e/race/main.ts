import { parseArgs } from 'node:util'
import { createBusiness } from '../stack/business.ts'
import { randomFrom } from '../stack/random.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { race } from './clients.ts'
import { verify } from './verify.ts'

// Many clients race for the same few times through two server processes; afterwards SQL, the clients' own histories and
// the mail inbox must agree. The same with a process killed, and with PostgreSQL restarted, in the middle.

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    clients: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(
    'npm run test:race -- [--short] [--clients 200] [--seed 1]\n\nRaces clients for the same times, with and without faults, and proves that nothing was double-booked or lost.',
  )
  process.exit(0)
}

const clients = Number(values.clients)
const attemptsEach = values.short ? 3 : 10

type Scenario = { name: string; fault: (stack: Stack) => Promise<void> }

const scenarios: Scenario[] = [
  { name: 'two processes', fault: async () => {} },
  {
    name: 'one of them killed in the middle',
    fault: async ({ web }) => {
      await web[1]?.kill()
      await web[1]?.restart()
    },
  },
  { name: 'PostgreSQL restarted in the middle', fault: ({ restartDatabase }) => restartDatabase() },
]

let passed = 0
let failed = 0
await using stack = await startStack({ webProcesses: 2 })
for (const [index, { name, fault }] of scenarios.entries()) {
  const startedMs = Date.now()
  const business = await createBusiness(stack.web[0]?.url ?? '', { slug: `race-${index + 1}`, providers: 3 })
  let faulty: Promise<void> = Promise.resolve()
  const attempts = await race({
    urls: stack.web.map(({ url }) => url),
    ...{ business, clients, attemptsEach, starts: contestedStarts(), random: randomFrom(Number(values.seed) + index) },
    halfway: () => {
      faulty = fault(stack)
    },
  })
  await faulty
  const booked = attempts.filter(({ status }) => status === 201).length
  const repeated = attempts.filter(({ tries }) => tries > 1).length
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
  console.log(
    `\n${name}: ${attempts.length} requests of ${clients} clients in ${seconds} s, ${booked} booked, ${attempts.length - booked} refused, ${repeated} sent again`,
  )
  const evidence = {
    databaseUrl: stack.databaseUrl,
    mailUrl: stack.mailUrl,
    organizationId: business.organizationId,
    attempts,
  }
  for (const { claim, violations } of await verify(evidence)) {
    if (violations.length === 0) passed++
    else failed++
    console.log(`  ${violations.length === 0 ? 'ok' : 'VIOLATED'}  ${claim}`)
    for (const violation of violations.slice(0, 5)) console.log(`      ${violation}`)
  }
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** The quarters of an afternoon two days ahead. */
function contestedStarts(): string[] {
  const day = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 2 })
  return Array.from({ length: 24 }, (_, quarter) => {
    const time = Temporal.PlainTime.from('10:00').add({ minutes: quarter * 15 })
    return day.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: time }).toInstant().toString()
  })
}
