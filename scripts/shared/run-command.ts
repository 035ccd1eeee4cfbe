import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The root of the checkout. */
export const ROOT = join(import.meta.dirname, '..', '..')

export type CommandResult = { ok: boolean; exitCode: number; output: string }

export type CommandOptions = {
  /** the folder to run in, relative to the checkout; its root when left out */
  cwd?: string
  /** written to the command's standard input */
  input?: string
  env?: Record<string, string>
  /** gets the output as it comes */
  onOutput?: (chunk: string) => void
}

/**
 * Runs a command to its end and collects what it prints, both streams in the order they came.
 * It does not throw: a command that cannot be started has exit code 127 and says why in its output.
 */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { promise, resolve } = Promise.withResolvers<CommandResult>()
  const child = spawn(command, args, {
    cwd: join(ROOT, options.cwd ?? '.'),
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  const collect = (chunk: string) => {
    output += chunk
    options.onOutput?.(chunk)
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  child.once('error', (error) => {
    resolve({ ok: false, exitCode: 127, output: `${command} could not be started: ${error.message}` })
  })
  child.once('close', (code) => {
    resolve({ ok: code === 0, exitCode: code ?? 1, output })
  })
  child.stdin.on('error', () => undefined).end(options.input ?? '')
  return promise
}

/** Runs a program that npm has installed. */
export function runBin(name: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return runCommand(join(ROOT, 'node_modules', '.bin', name), args, options)
}
