import { imageName } from './image.ts'

/** Where a version is brought to, and what is asked of it there. */
export type Errand = {
  action: 'deploy' | 'back' | 'test-restore'
  environment: string
  /** a tag or a commit that was published; needed to deploy */
  version: string
}

/** A command with what it needs; secrets are in its environment or in files, never among its arguments. */
export type TargetCommand = { command: string; args: string[] }

/** Settings of the pipeline by their names. */
type Given = Readonly<Record<string, string | undefined>>

/** The errand cannot be done as it was given. */
export class ErrandError extends Error {
  override name = 'ErrandError'
}

/** Names that mean the same to every shell, so that nothing needs quoting. */
const WORD = /^[\w][\w.@:/-]*$/

/** @throws {ErrandError} when a setting is missing, or could be more than a word to a shell */
export function word(given: Given, name: string): string {
  const value = given[name]
  if (!value) throw new ErrandError(`${name} is not set`)
  if (!WORD.test(value)) throw new ErrandError(`${name} is no plain word`)
  return value
}

/**
 * A machine with Compose: its checkout is brought to the version, and rolls it out itself.
 * @param files  the key and the known hosts, as ssh reads them
 * @throws {ErrandError} when SHIP_HOST, SHIP_FOLDER or, to deploy, IMAGE is missing
 */
export function dockerCommand(
  { action, version }: Errand,
  given: Given,
  files: { key: string; knownHosts: string },
): TargetCommand {
  const folder = word({ SHIP_FOLDER: given['SHIP_FOLDER']?.replace(/^\//, '') }, 'SHIP_FOLDER')
  const inFolder = `cd /${folder}`
  const steps = {
    deploy: () => {
      const revision = word({ VERSION: version }, 'VERSION')
      return [
        'git fetch --quiet --tags --force origin',
        `git checkout --quiet --detach ${revision}`,
        'npm ci --no-audit --no-fund',
        `docker pull --quiet ${imageName(word(given, 'IMAGE'))}:${revision}`,
        `npm run deploy:docker -- --version ${revision}`,
      ]
    },
    back: () => ['npm run rollback:docker'],
    'test-restore': () => ['cd deploy/compose', 'docker compose exec -T backup backup verify'],
  }[action]()
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${files.knownHosts}`]
  return {
    command: 'ssh',
    args: [
      ...['-i', files.key],
      ...options.flatMap((option) => ['-o', option]),
      ...[word(given, 'SHIP_HOST'), [inFolder, ...steps].join(' && ')],
    ],
  }
}

/** AWS by the commands of deploy/aws, with the role that the workflow has taken. */
export function awsCommand({ action, environment, version }: Errand): TargetCommand {
  const where = ['--environment', word({ ENVIRONMENT: environment }, 'ENVIRONMENT')]
  return action === 'back'
    ? { command: 'npm', args: ['run', 'rollback:aws', '--', ...where] }
    : {
        command: 'npm',
        args: ['run', 'deploy:aws', '--', ...where, '--version', word({ VERSION: version }, 'VERSION')],
      }
}

/** Heroku builds what is pushed to it; the key comes from the environment when git asks for it. */
export function herokuPush({ version }: Errand, given: Given): TargetCommand {
  const helper = '!f() { echo username=heroku; echo "password=$HEROKU_API_KEY"; }; f'
  const address = `https://git.heroku.com/${word(given, 'HEROKU_APP')}.git`
  const revision = `${word({ VERSION: version }, 'VERSION')}^{commit}:refs/heads/main`
  return { command: 'git', args: ['-c', `credential.helper=${helper}`, 'push', '--force', address, revision] }
}

/** Heroku's own command line. Its API for backups is told of nowhere else. */
const HEROKU_CLI = ['--yes', 'heroku@11.10.0']

/**
 * Restores the newest backup of HEROKU_APP into another app, HEROKU_RESTORE_APP, and has that app prove what came: its
 * schema, and the audit trail from its beginning.
 * @throws {ErrandError} when both are one: the backup would take the place of what it is a backup of
 */
export function herokuRestore(given: Given): TargetCommand[] {
  const [from, into] = [word(given, 'HEROKU_APP'), word(given, 'HEROKU_RESTORE_APP')]
  if (from === into) throw new ErrandError('HEROKU_RESTORE_APP is HEROKU_APP itself')
  const heroku = (...args: string[]) => ({ command: 'npx', args: [...HEROKU_CLI, ...args, '--app', into] })
  const run = (...args: string[]) => {
    const { command, args: before } = heroku('run', '--exit-code', '--no-tty')
    return { command, args: [...before, '--', 'node', 'apps/server/src/main.ts', ...args] }
  }
  return [
    // Without a number it is the newest one that succeeded.
    heroku('pg:backups:restore', `${from}::`, 'DATABASE_URL', '--confirm', into),
    run('migrate', 'status'),
    run('audit', 'verify'),
  ]
}
