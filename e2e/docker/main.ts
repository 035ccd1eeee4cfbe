import { parseArgs } from 'node:util'
import { runCommand } from '../../scripts/shared/run-command.ts'
import { createClaims, endWith } from './claims.ts'
import { docker, OPEN_DOORS, startStack, type Stack } from './compose.ts'
import { groupsOf } from './groups.ts'
import { makeReleases } from './releases.ts'
import type { Figure } from './scene.ts'

// Builds the image, starts the production set-up as an operator would, and rolls out, breaks and scales it while people
// go on booking. What it starts, it removes.

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(
    'npm run test:docker -- [--short] [--only "the way in"] [--json]\n\nBuilds the image, starts the Compose set-up, and proves what it promises. Needs Docker with Compose v2. --json prints the figures.',
  )
  process.exit(0)
}
const say = (line: string) => console.log(line)
const claims = createClaims(say)
const figures: Figure[] = []
if ((await runCommand('docker', ['compose', 'version'])).ok)
  await runAll().catch((error: unknown) => claims.check('the set-up starts, and ends', false, String(error)))
else claims.check('Docker with Compose v2 is there', false, 'install it, and start it')
if (values.json) for (const figure of figures) say(JSON.stringify(figure))
endWith(claims, say)

async function runAll(): Promise<void> {
  say('building the image in versions good and bad')
  // Others may build on this machine too.
  await using releases = await makeReleases(`test-${process.pid}`)
  say('starting the set-up')
  await using stack = await startStack(releases.first, OPEN_DOORS)
  for (const { name, run } of groupsOf()) {
    if (values.only !== undefined && !new RegExp(`${values.only}|a business opens`).test(name)) continue
    say(`\n${name}`)
    try {
      await run({ stack, releases, isShort: values.short, figures }, claims)
    } catch (error) {
      claims.check(`${name} is tried to its end`, false, error instanceof Error ? error.message : String(error))
    }
  }
  if (claims.failed > 0) await tellFaults(stack)
}

/** What nginx could not answer, and what the product called an error. */
async function tellFaults({ project }: Stack): Promise<void> {
  const logs = (...args: string[]) => docker('compose', '-p', project, 'logs', ...args)
  const asked = (await logs('--no-log-prefix', 'nginx')).split('\n')
  say(
    asked
      .filter((line) => /"status":5/.test(line))
      .slice(-10)
      .join('\n'),
  )
  const told = (await logs('--no-log-prefix', 'app', 'worker')).split('\n')
  say(
    told
      .filter((line) => /"level":"(?:error|critical)"/.test(line))
      .slice(-10)
      .join('\n'),
  )
}
