import { parseArgs } from 'node:util'
import { createClaims, endWith } from '../docker/claims.ts'
import { fuzz } from './fuzz/fuzz.ts'
import type { Group } from './group.ts'
import { mails } from './groups/mails.ts'
import { sessions } from './groups/sessions.ts'
import { signUp } from './groups/sign-up.ts'
import { transport } from './groups/transport.ts'
import { pages } from './pages/pages.ts'
import { scanners } from './scanners/scanners.ts'
import { startSite } from './site/site.ts'

// Attacks the product as it runs in production, and holds what it answers against what it promises.

const GROUPS: Group[] = [signUp, sessions, transport, mails, pages, fuzz, scanners]
const names = GROUPS.map(({ name }) => name)

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
const wanted = chooseGroups()
if (values.help || wanted.length === 0) {
  console.log(
    `npm run test:security -- [--only fuzz,pages] [--short] [--seed 1]\n\nAttacks the running product. Groups: ${names.join(', ')}.\nThe short form leaves out what takes minutes. Needs redis-server, openssl and Chromium.`,
  )
  process.exit(values.help ? 0 : 2)
}
const say = (line: string) => console.log(line)
const claims = createClaims(say)
const seed = Number(values.seed)
say(`starting the product; seed ${String(seed)}`)
await run().catch((error: unknown) => claims.check('it is tried to its end', false, describe(error)))
endWith(claims, say)

async function run(): Promise<void> {
  await using site = await startSite()
  for (const group of wanted) {
    say(`\n${group.name}`)
    await group
      .run({ site, claims, say, seed, short: values.short })
      .catch((error: unknown) => claims.check(`${group.name} is tried to its end`, false, describe(error)))
  }
}

function chooseGroups(): Group[] {
  const only = values.only?.split(',')
  if (only) return GROUPS.filter(({ name }) => only.includes(name))
  return GROUPS.filter(({ isLong }) => !values.short || !isLong)
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
