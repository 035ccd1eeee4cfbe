import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { isRun } from './pipeline/expressions.ts'
import { makeCheckout } from './pipeline/trial/checkout.ts'
import { startPlatform } from './pipeline/trial/heroku.ts'
import { startMachine, writeProgram } from './pipeline/trial/machine.ts'
import { choicesOf, playJob } from './pipeline/trial/play.ts'
import { scenariosOf, type Scenario, type StandIns } from './pipeline/trial/scenarios.ts'
import { tryStep, type Found, type TrialOptions } from './pipeline/trial/try.ts'
import { readWorkflows, type Job, type Workflow } from './pipeline/workflows.ts'
import { git } from './release/git.ts'
import { startLocalServer } from './shared/local-server.ts'
import { ROOT, runCommand } from './shared/run-command.ts'
import { ensureSystemNeeds, SSH_NEEDS } from './test/system-needs.ts'

answerHelp(`
Tries every job of every workflow here: its commands, in their order, with the environment and under the conditions that
the workflow gives them, in a clone of what is committed in which a release was made.

  npm run test:pipeline
  npm run test:pipeline -- --short            leaves out the image, and a Slotkeeper for the smoke test
  npm run test:pipeline -- --only deploy      jobs with this in their names

What it speaks to is played: a machine by sshd, which lets npm and docker do nothing; Heroku by a server that answers as
its documentation says, with Git's own program; gh, aws and npx by programs that only write down what they are asked.
Long suites are only started. Needs sshd and Git. What cannot be tried here is listed with the reason; what nobody has thought of fails.
`)

/** What AWS Backup says of the month's restore. */
const RESTORES = {
  RestoreJobs: [
    {
      CreationDate: new Date().toISOString(),
      Status: 'COMPLETED',
      CreatedBy: {
        RestoreTestingPlanArn:
          'arn:aws:backup:eu-central-1:123456789012:restore-testing-plan:slotkeeper_production_monthly-1',
      },
    },
  ],
}

const missing = await ensureSystemNeeds((line) => console.log(line), SSH_NEEDS)
if (missing !== undefined) {
  console.error(`${missing}\n0 passed, 1 failed`)
  process.exit(1)
}
const args = process.argv.slice(2)
const isShort = args.includes('--short')
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '') : ''
const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-pipeline-'))
const count = { ok: 0, failed: 0, left: 0 }
await using stack = new AsyncDisposableStack()
stack.defer(() => rm(folder, { recursive: true, force: true }))
const standIns = await startStandIns()
const options: TrialOptions = {
  root: standIns.checkout.root,
  hasDocker: (await runCommand('docker', ['info'])).ok,
  isShort,
}
for (const { path, workflow } of await readWorkflows(ROOT)) {
  const file = path.split('/').at(-1)?.replace('.yml', '') ?? ''
  for (const [name, job] of Object.entries(workflow.jobs ?? {})) {
    if (`${file}/${name}`.includes(only)) await tryJob(`${file}/${name}`, workflow, job)
  }
}
console.log(`\n${count.left} steps are not tried here, as told above`)
console.log(`${count.ok} passed, ${count.failed} failed`)
process.exitCode = count.failed > 0 || count.ok === 0 ? 1 : 0

async function startStandIns(): Promise<StandIns> {
  const at = (name: string) => join(folder, name)
  const checkout = await makeCheckout(folder)
  for (const name of ['machine', 'repositories', 'home', 'programs']) await mkdir(at(name))
  for (const name of ['practice.git', 'mirror.git'])
    await git(at('repositories'), 'init', '--quiet', '--bare', '--initial-branch=main', name)
  const log = at('asked')
  for (const name of ['gh', 'npx']) await writeProgram(at(`programs/${name}`), `echo "${name} $*" >> ${log}`)
  await writeProgram(at('programs/aws'), `echo "aws $*" >> ${log}; echo '${JSON.stringify(RESTORES)}'`)
  return {
    checkout,
    machine: stack.use(await startMachine(at('machine'), checkout.origin)),
    platform: stack.use(await startPlatform(at('repositories'))),
    repositories: at('repositories'),
    asked: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean),
    site: isShort ? undefined : await startSite(),
  }
}

async function startSite(): Promise<string> {
  const server = await startLocalServer()
  stack.defer(server.stop)
  return server.url
}

async function tryJob(name: string, workflow: Workflow, job: Job): Promise<void> {
  if (job.uses) {
    tell(name, [{ state: 'left', what: job.uses, told: 'its jobs are tried by themselves' }])
    return
  }
  for (const choice of choicesOf(job)) {
    for (const scenario of scenariosOf(name, standIns)) await tryScenario({ name, workflow, job, choice, scenario })
  }
}

type Trial = { name: string; workflow: Workflow; job: Job; choice: Record<string, string>; scenario: Scenario }

async function tryScenario({ name, workflow, job, choice, scenario }: Trial): Promise<void> {
  const { tag } = standIns.checkout
  const contexts = {
    ...{ vars: {}, secrets: {}, inputs: { environment: 'production', version: tag }, needs: {}, matrix: choice },
    github: { repository: 'Acme/Slotkeeper', ref_name: tag, actor: 'ada', token: 'none', event_name: 'pull_request' },
    ...scenario.contexts,
  }
  const runner = {
    PATH: `${join(folder, 'programs')}:${process.env['PATH'] ?? ''}`,
    HOME: join(folder, 'home'),
    GITHUB_REF_NAME: tag,
    CI: 'true',
  }
  const found: Found[] = []
  if (!isRun(job.if, contexts, false)) found.push({ state: 'failed', what: job.if ?? '', told: 'the job does not run' })
  await playJob({ workflow, job, contexts, runner, instead: scenario.instead ?? {} }, async (turn) => {
    const step = await tryStep(turn, scenario.fails, options)
    if (step) found.push(step.found)
    return step?.succeeded ?? true
  })
  if (scenario.proof && !(await scenario.proof()))
    found.push({ state: 'failed', what: 'what it is for', told: 'has not come about' })
  tell([name, ...Object.values(choice), scenario.title].filter(Boolean).join(', '), found)
}

function tell(title: string, found: Found[]): void {
  console.log(`\n${title}`)
  for (const { state, what, told } of found) {
    count[state]++
    console.log(`  ${{ ok: 'ok    ', failed: 'FAILED', left: '-     ' }[state]} ${what}${told ? `  (${told})` : ''}`)
  }
}
