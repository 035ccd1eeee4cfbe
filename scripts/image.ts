import { appendFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { imageName, tagsOf } from './pipeline/image.ts'
import { git } from './release/git.ts'
import { ROOT, runCommand } from './shared/run-command.ts'

answerHelp(`
Builds the product's image, and publishes it.

  npm run image -- build --image slotkeeper --version candidate
  npm run image -- push --image ghcr.io/acme/slotkeeper --version v1.4.0

A release v1.4.0 is pushed as v1.4.0, v1.4, v1 and latest. push signs in with REGISTRY_USER and REGISTRY_TOKEN where they
are set. In GitHub Actions name, reference and digest of the image are told to the steps that follow.

Exit codes: 0 done, 1 not done, 2 used wrongly.
`)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { image: { type: 'string', default: 'slotkeeper' }, version: { type: 'string', default: '' } },
})
const name = imageName(values.image)
const { version } = values
const [action] = positionals
if (version === '' || (action !== 'build' && action !== 'push')) {
  console.error('Give build or push, and --version. npm run image -- --help tells how it is used.')
  process.exitCode = 2
} else {
  const isDone = action === 'build' ? await build() : await push()
  process.exitCode = isDone ? 0 : 1
}

async function build(): Promise<boolean> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
  const facts = {
    VERSION: version.replace(/^v(?=\d)/, ''),
    REVISION: await git(ROOT, 'rev-parse', 'HEAD'),
    SOURCE: server && repository ? `${server}/${repository}` : '',
  }
  const told = Object.entries(facts).flatMap(([fact, value]) => ['--build-arg', `${fact}=${value}`])
  const isBuilt = await docker(
    'build',
    '--file',
    'deploy/docker/Dockerfile',
    ...told,
    '--tag',
    `${name}:${version}`,
    '.',
  )
  if (isBuilt) await tell({ name, reference: `${name}:${version}` })
  return isBuilt
}

async function push(): Promise<boolean> {
  const { REGISTRY_USER: user, REGISTRY_TOKEN: token } = process.env
  const [registry = ''] = name.split('/')
  if (user && token && !(await run(['login', registry, '--username', user, '--password-stdin'], token)).ok) return false
  for (const tag of tagsOf(version)) {
    if (!(await docker('tag', `${name}:${version}`, `${name}:${tag}`))) return false
    if (!(await docker('push', `${name}:${tag}`))) return false
  }
  const format = '{{range .RepoDigests}}{{println .}}{{end}}'
  const { ok, output } = await runCommand('docker', ['image', 'inspect', '--format', format, `${name}:${version}`])
  const digest = output
    .split('\n')
    .find((line) => line.startsWith(`${name}@`))
    ?.split('@')[1]
  if (!ok || digest === undefined) return false
  console.log(`${name}@${digest}`)
  await tell({ name, digest })
  return true
}

async function docker(...args: string[]): Promise<boolean> {
  return (await run(args)).ok
}

function run(args: string[], input = '') {
  return runCommand('docker', args, { input, onOutput: (chunk) => void process.stdout.write(chunk) })
}

/** Outputs of the step, for those that follow. */
async function tell(outputs: Record<string, string>): Promise<void> {
  const file = process.env['GITHUB_OUTPUT']
  const lines = Object.entries(outputs).map(([key, value]) => `${key}=${value}\n`)
  if (file) await appendFile(file, lines.join(''))
}
