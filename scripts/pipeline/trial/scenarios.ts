import { join } from 'node:path'
import { git } from '../../release/git.ts'
import type { Contexts } from '../expressions.ts'
import type { Checkout } from './checkout.ts'
import { HEROKU, type Platform } from './heroku.ts'
import type { Machine } from './machine.ts'

/** What stands in for the world around the pipeline. */
export type StandIns = {
  checkout: Checkout
  machine: Machine
  platform: Platform
  /** bare repositories: `practice.git` of the platform, and `mirror.git` */
  repositories: string
  /** what programs that stand in were asked, one command a line: gh, aws, and npx for Heroku's own command line */
  asked: () => Promise<string[]>
  /** the address at which Slotkeeper answers; undefined in the short form */
  site: string | undefined
}

/** One way in which a job may go, with what must be so when it has gone. */
export type Scenario = {
  title: string
  contexts: Contexts
  /** variables that are otherwise here than in the workflow */
  instead?: Record<string, string>
  /** the command that is to fail */
  fails?: RegExp
  proof?: () => Promise<boolean>
}

const NOBODY = 'http://127.0.0.1:1'
const PLAIN: Scenario = { title: '', contexts: {} }

/** @param name  a job as `workflow/job` */
export function scenariosOf(name: string, standIns: StandIns): Scenario[] {
  const { checkout } = standIns
  const scenarios: Record<string, () => Scenario[]> = {
    'deploy/deploy': () => deployments(standIns),
    'rollback/rollback': () => [
      {
        ...toMachine(standIns),
        proof: async () => lastOf(await standIns.machine.asked()) === 'npm run rollback:docker',
      },
      { ...toHeroku(standIns), proof: async () => standIns.platform.wentBackTo.at(-1) === 'old' },
      toAws(standIns),
    ],
    'restore-test/production': () => restoreTests(standIns),
    'mirror/mirror': () => [mirror(standIns)],
    'release/announce': () => [
      { ...PLAIN, proof: async () => lastOf(await standIns.asked()).startsWith(`gh release create ${checkout.tag} `) },
    ],
  }
  return scenarios[name]?.() ?? [PLAIN]
}

function deployments(standIns: StandIns): Scenario[] {
  const { machine, checkout, repositories } = standIns
  const machineScenario = toMachine(standIns)
  const stranger = { ...machineVars(standIns), SHIP_KNOWN_HOSTS: machine.strangersHosts }
  return [
    {
      ...machineScenario,
      proof: async () =>
        (await machine.asked()).slice(-3).join('\n') ===
          [
            'npm ci --no-audit --no-fund',
            `docker pull --quiet ghcr.io/acme/slotkeeper:${checkout.tag}`,
            `npm run deploy:docker -- --version ${checkout.tag}`,
          ].join('\n') && (await git(machine.folder, 'describe', '--exact-match', '--tags')) === checkout.tag,
    },
    {
      ...machineScenario,
      title: 'docker, the smoke test fails: it goes back',
      instead: { PUBLIC_URL: NOBODY },
      fails: /^npm run smoke$/,
      proof: async () => lastOf(await machine.asked()) === 'npm run rollback:docker',
    },
    {
      title: 'docker, another machine under its name: nothing is done',
      contexts: { ...machineScenario.contexts, vars: stranger },
      fails: /^npm run ship -- --target/,
      proof: async () => lastOf(await machine.asked()) === 'npm run rollback:docker',
    },
    {
      ...toHeroku(standIns),
      proof: async () =>
        (await git(join(repositories, `${HEROKU.app}.git`), 'rev-parse', 'refs/heads/main')) ===
        (await git(checkout.root, 'rev-parse', `${checkout.tag}^{commit}`)),
    },
    toAws(standIns),
  ]
}

function restoreTests(standIns: StandIns): Scenario[] {
  const { machine, asked } = standIns
  const heroku = toHeroku(standIns)
  const vars = { ...(heroku.contexts['vars'] as object), HEROKU_RESTORE_APP: 'practice-restored' }
  return [
    {
      ...toMachine(standIns),
      proof: async () => lastOf(await machine.asked()) === 'docker compose exec -T backup backup verify',
    },
    {
      ...heroku,
      contexts: { ...heroku.contexts, vars },
      proof: async () =>
        lastOf(await asked()).endsWith('--app practice-restored -- node apps/server/src/main.ts audit verify'),
    },
    { ...toAws(standIns), proof: async () => lastOf(await asked()).startsWith('aws backup list-restore-jobs ') },
  ]
}

const lastOf = (lines: readonly string[]) => lines.at(-1) ?? ''

function toMachine(standIns: StandIns): Scenario {
  return {
    title: 'docker',
    contexts: { vars: machineVars(standIns), secrets: { SHIP_SSH_KEY: standIns.machine.key } },
  }
}

function machineVars({ machine, site }: StandIns) {
  return {
    TARGET: 'docker',
    PUBLIC_URL: site ?? NOBODY,
    SHIP_HOST: machine.host,
    SHIP_FOLDER: machine.folder,
    SHIP_KNOWN_HOSTS: machine.knownHosts,
  }
}

function toHeroku({ platform, site }: StandIns): Scenario {
  return {
    title: 'heroku',
    contexts: {
      vars: { TARGET: 'heroku', PUBLIC_URL: site ?? NOBODY, HEROKU_APP: HEROKU.app },
      secrets: { HEROKU_API_KEY: HEROKU.key },
    },
    instead: {
      HEROKU_API_URL: platform.url,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${platform.url}/.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://git.heroku.com/',
    },
  }
}

function toAws({ site }: StandIns): Scenario {
  return { title: 'aws', contexts: { vars: { TARGET: 'aws', PUBLIC_URL: site ?? NOBODY } } }
}

function mirror({ machine, repositories, checkout }: StandIns): Scenario {
  const refs = (repository: string) => git(repository, 'for-each-ref', '--format=%(refname) %(objectname)')
  const path = join(repositories, 'mirror.git')
  return {
    title: 'by ssh',
    contexts: {
      vars: { MIRROR_URL: `${machine.host}${path}`, MIRROR_KNOWN_HOSTS: machine.knownHosts },
      secrets: { MIRROR_SSH_KEY: machine.key },
    },
    proof: async () => (await refs(path)) === (await refs(checkout.origin)),
  }
}
