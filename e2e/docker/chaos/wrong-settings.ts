import { runCommand } from '../../../scripts/shared/run-command.ts'
import type { Group } from '../claims.ts'
import type { Scene } from '../scene.ts'

/** Settings that cannot be meant, and what the refusal must name. */
const WRONG: { setting: string; value: string; because: string }[] = [
  { setting: 'MAIL_PORT', value: 'smtp', because: 'it is no port' },
  { setting: 'PUBLIC_URL', value: 'booking.example.com', because: 'it is no address' },
  { setting: 'WEB_CONCURRENCY', value: '0', because: 'nobody would serve' },
  { setting: 'SECRET_KEY', value: 'both-at-once', because: 'it is given as a file too' },
  { setting: 'DATABASE_URL_FILE', value: '/nowhere', because: 'there is no such file' },
  { setting: 'LOG_LEVEL', value: 'loud', because: 'there is no such level' },
  { setting: 'RATE_LIMIT', value: 'off', because: 'a production is unsafe without' },
  { setting: 'SIGN_UP', value: 'open', because: 'a production is unsafe with it' },
]

/** A container with a wrong setting does not start, and says which one it is. */
export const wrongSettings: Group<Scene> = {
  name: 'settings that are wrong',
  run: async ({ stack }, claims) => {
    for (const { setting, value, because } of WRONG) {
      const { ok, output } = await start(stack.envFile, stack.project, `${setting}=${value}`)
      const last = output.trim().split('\n').slice(-6).join('\n')
      claims.check(`${setting}=${value} (${because}) is refused by name`, !ok && output.includes(setting), last)
    }
  },
}

function start(envFile: string, project: string, setting: string) {
  const compose = ['compose', '-p', project, '-f', 'deploy/compose/compose.yaml', '--env-file', envFile]
  const risks = ['-e', 'ACCEPTED_RISKS=', '-e', setting]
  return runCommand('timeout', ['60', 'docker', ...compose, 'run', '--rm', '--no-deps', '-T', ...risks, 'app', 'web'])
}
