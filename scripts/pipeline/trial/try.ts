import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import type { Turn } from './play.ts'
import { reasonOf, wayOf, type Way } from './ways.ts'

/** What came out of a step: it did what it should, did not, or is left out for the reason told. */
export type Found = { state: 'ok' | 'failed' | 'left'; what: string; told: string }

/** How a step went: for the report, and for the steps after it. */
export type Tried = { found: Found; succeeded: boolean }

export type TrialOptions = {
  /** the checkout that commands run in */
  root: string
  hasDocker: boolean
  isShort: boolean
}

/** What npm says of itself where a script does not get to its help. */
const NPMS_OWN_HELP = /npm help run/

/**
 * Tries one step of a job.
 * @param fails  the command that is to fail
 * @returns undefined when its condition leaves it out
 */
export async function tryStep(
  turn: Turn,
  fails: RegExp | undefined,
  options: TrialOptions,
): Promise<Tried | undefined> {
  if (!turn.isRun) return undefined
  if ('action' in turn) return tryAction(turn.action)
  const way = wayOf(turn.command)
  if (way === undefined)
    return failed(turn.command, 'nobody has said how this is tried: scripts/pipeline/trial/ways.ts')
  const shallFail = fails?.test(turn.command) === true
  if (way.as === 'itself' && !shallFail) {
    if (way.isLong && options.isShort) return start(turn, 'npm run test:pipeline runs it', options)
    if (way.needsDocker && !options.hasDocker) return start(turn, 'no Docker engine answers here', options)
  }
  if (way.as === 'start') return start(turn, way.why, options)
  if (way.as === 'nothing') return { found: { state: 'left', what: turn.command, told: way.why }, succeeded: true }
  return run(turn, way, shallFail, options)
}

function tryAction(action: string): Tried {
  const told = reasonOf(action)
  if (told === undefined) return failed(action, 'nobody has said why it is not run: scripts/pipeline/trial/ways.ts')
  return { found: { state: 'left', what: action.split('@')[0] ?? action, told }, succeeded: true }
}

type Command = Extract<Turn, { command: string }>

async function run(
  { command, env }: Command,
  way: Extract<Way, { as: 'itself' }>,
  shallFail: boolean,
  { root }: TrialOptions,
): Promise<Tried> {
  const { exitCode, output } = await shell(command, { ...env, ...way.env }, root)
  if (shallFail) {
    if (exitCode === 0) return failed(command, 'succeeds, and was to fail')
    return { found: { state: 'ok', what: command, told: 'fails, as it was to' }, succeeded: false }
  }
  const { excuse } = way
  const wrong = output.split('\n').filter((line) => line.startsWith('failed '))
  const isExcused = excuse !== undefined && wrong.length > 0 && wrong.every((line) => excuse.test(line))
  if (exitCode !== 0 && !isExcused) return failed(command, `exit code ${exitCode}\n${output}`)
  const told = exitCode === 0 ? '' : wrong.map((line) => line.replaceAll(/ +/g, ' ')).join('; ')
  return { found: { state: 'ok', what: command, told }, succeeded: true }
}

async function start({ command, env }: Command, why: string, { root }: TrialOptions): Promise<Tried> {
  const asked = command.includes(' -- ') ? `${command} --help` : `${command} -- --help`
  const { exitCode, output } = await shell(asked, env, root)
  if (exitCode !== 0 || NPMS_OWN_HELP.test(output)) return failed(asked, `exit code ${exitCode}\n${output}`)
  return { found: { state: 'ok', what: command, told: `only started: ${why}` }, succeeded: true }
}

/** As the runner does it, without what this process was told. */
async function shell(command: string, env: Record<string, string>, cwd: string) {
  // Where the engine is, and whom this machine trusts.
  const { DOCKER_HOST: engine, NODE_EXTRA_CA_CERTS: authorities } = process.env
  const child = spawn('sh', ['-c', `${command} 2>&1`], {
    cwd,
    env: { ...env, ...(engine && { DOCKER_HOST: engine }), ...(authorities && { NODE_EXTRA_CA_CERTS: authorities }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>])
  return { exitCode: code ?? 1, output }
}

function failed(what: string, told: string): Tried {
  return { found: { state: 'failed', what, told }, succeeded: false }
}
