import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { newestAwsRestore } from './pipeline/aws-restore.ts'
import { rollBackHeroku } from './pipeline/heroku.ts'
import { secretFiles } from './pipeline/secret-file.ts'
import {
  awsCommand,
  dockerCommand,
  ErrandError,
  herokuPush,
  herokuRestore,
  word,
  type Errand,
  type TargetCommand,
} from './pipeline/targets.ts'
import { ROOT } from './shared/run-command.ts'

answerHelp(`
Brings a published version to an environment, from the pipeline or by hand.

  npm run ship -- --target docker --environment staging --version v1.4.0
  npm run ship -- --back --target docker --environment production           brings back the version before
  npm run ship -- --test-restore --target docker --environment production   restores the newest backup elsewhere

  --target   docker  a machine with Compose: SHIP_HOST (user@host or ssh://user@host:port), SHIP_FOLDER (its checkout),
                     SHIP_SSH_KEY, SHIP_KNOWN_HOSTS, and IMAGE without its tag
             heroku  HEROKU_APP, HEROKU_API_KEY; for a restore HEROKU_RESTORE_APP, whose database is replaced
             aws     the role that the environment gives, IMAGE without its tag, STAGING_CREDENTIALS where it wants a name.
                     AWS restores by itself each month: --test-restore asks how it went
  --version  a tag or a commit, under which the image was published

Exit codes: 0 it is done, 1 it is not, 2 used wrongly.
`)

const HEROKU_API = process.env['HEROKU_API_URL'] ?? 'https://api.heroku.com'
const flag = { type: 'boolean', default: false } as const

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: '' },
    environment: { type: 'string', default: '' },
    version: { type: 'string', default: '' },
    back: flag,
    'test-restore': flag,
  },
})
const { target, environment, version } = values
const action = values.back ? 'back' : values['test-restore'] ? 'test-restore' : 'deploy'
try {
  process.exitCode = await ship(target, { action, environment, version })
} catch (error) {
  if (!(error instanceof ErrandError)) throw error
  console.error(`${error.message}. npm run ship -- --help tells how it is used.`)
  process.exitCode = 2
}

async function ship(where: string, errand: Errand): Promise<number> {
  if (where === 'docker') return shipToMachine(errand)
  if (where === 'heroku') return shipToHeroku(errand)
  if (where === 'aws') return shipToAws(errand)
  throw new ErrandError('--target is docker, heroku or aws')
}

async function shipToMachine(errand: Errand): Promise<number> {
  const { SHIP_SSH_KEY: key, SHIP_KNOWN_HOSTS: knownHosts } = process.env
  if (!key || !knownHosts) throw new ErrandError('SHIP_SSH_KEY and SHIP_KNOWN_HOSTS are not set')
  await using files = await secretFiles({ key, knownHosts })
  return await run(dockerCommand(errand, process.env, files.paths))
}

async function shipToHeroku(errand: Errand): Promise<number> {
  const key = word(process.env, 'HEROKU_API_KEY')
  if (errand.action === 'test-restore') return runAll(herokuRestore(process.env))
  if (errand.action === 'deploy') return run(herokuPush(errand, process.env))
  console.log(`Back to ${await rollBackHeroku({ api: HEROKU_API, app: word(process.env, 'HEROKU_APP'), key })}`)
  return 0
}

async function shipToAws(errand: Errand): Promise<number> {
  if (errand.action !== 'test-restore') return run(awsCommand(errand))
  const { isGood, told } = await newestAwsRestore(errand.environment, Date.now())
  console.log(told)
  return isGood ? 0 : 1
}

/** One after the other, until one fails. */
async function runAll(commands: readonly TargetCommand[]): Promise<number> {
  for (const command of commands) {
    const code = await run(command)
    if (code !== 0) return code
  }
  return 0
}

async function run({ command, args }: TargetCommand): Promise<number> {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
