import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** What is rolled out to: a Compose project, and the file with its settings. */
export type Place = { project: string | undefined; envFile: string }

export type Compose = (args: string[], env?: Record<string, string>) => Promise<string>

const FILE = join(import.meta.dirname, '..', 'compose', 'compose.yaml')

/** Runs `docker compose` on the place. Rejects with the last lines of what it printed. */
export function composeFor({ project, envFile }: Place): Compose {
  const named = project === undefined ? [] : ['-p', project]
  return (args, env = {}) => run('docker', ['compose', ...named, '-f', FILE, '--env-file', envFile, ...args], env)
}

/** A program that ended with a failure: the last lines of what it printed, and all that it answered. */
export class Failed extends Error {
  readonly answer: string
  constructor(message: string, answer: string) {
    super(message)
    this.answer = answer
  }
}

/** Runs a program to its end; what it printed, or only what it answered where it also complained. */
export function run(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  // In a group of its own: Ctrl-C is for us, who finish the step that is under way.
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const printed = { answer: '', all: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed.answer += chunk
    printed.all += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (printed.all += chunk))
  child.once('error', reject)
  child.once('close', (code) => {
    if (code === 0) resolve((printed.answer || printed.all).trim())
    else reject(new Failed(`${command} ${args.slice(-4).join(' ')} failed:\n${lastLines(printed.all)}`, printed.answer))
  })
  return promise
}

const lastLines = (text: string) => text.trim().split('\n').slice(-12).join('\n')
