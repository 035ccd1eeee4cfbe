import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export type Outcome = { code: number; stdout: string; stderr: string }

export type RunOptions = { cwd?: string; input?: string }

/** Runs a program and waits for it, whatever its exit code is. */
export async function tryRun(program: string, args: string[], { cwd, input }: RunOptions = {}): Promise<Outcome> {
  const child = spawn(program, args, { cwd, stdio: 'pipe' })
  const ended = once(child, 'close')
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code: Number(code ?? 1), stdout, stderr }
}

/**
 * Runs a program and answers what it printed.
 * @throws {Error} with what it said, when it fails
 */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryRun(program, args, options)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`)
  return stdout
}

/** Runs the docker command; DOCKER_HOST names another engine than the usual one. */
export function docker(...args: string[]): Promise<string> {
  return run('docker', args)
}
