import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { rollBackHeroku } from './pipeline/heroku.ts'
import { secretFiles } from './pipeline/secret-file.ts'
import {
  awsCommand,
  dockerCommand,
  ErrandError,
  herokuPush,
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

  --target   docker  a machine with Compose: SHIP_HOST (user@host), SHIP_FOLDER (its checkout), SHIP_SSH_KEY,
                     SHIP_KNOWN_HOSTS, and IMAGE without its tag
             heroku  HEROKU_APP, HEROKU_API_KEY
             aws     the role that the environment gives, IMAGE without its tag, STAGING_CREDENTIALS where it wants a name
  --version  a tag or a commit, under which the image was published

Exit codes: 0 it is done, 1 it is not, 2 used wrongly.
`)

const HEROKU_API = 'https://api.heroku.com'
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
  if (where === 'aws') return run(awsCommand(errand))
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
  if (errand.action === 'test-restore') throw new ErrandError('On Heroku: heroku pg:backups:restore into another app')
  if (errand.action === 'deploy') return run(herokuPush(errand, process.env))
  console.log(`Back to ${await rollBackHeroku({ api: HEROKU_API, app: word(process.env, 'HEROKU_APP'), key })}`)
  return 0
}

async function run({ command, args }: TargetCommand): Promise<number> {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
