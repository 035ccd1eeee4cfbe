import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const ENTRY = join(import.meta.dirname, '..', 'src', 'main.ts')

/** Settings that every command takes, for a database of a test's own. */
export function settingsFor(databaseUrl: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    SECRET_KEY: 'k7Wq0pX2vN9sR4tY6uZ1aB3cD5eF8gH0',
    PUBLIC_URL: 'http://localhost:5000',
    MAIL_SERVER: '127.0.0.1',
    ENVIRONMENT: 'development',
    LOG_LEVEL: 'error',
    ...more,
  }
}

export type Ran = { code: number | null; out: string; err: string }

/** Runs a command of the command line in a process of its own, with these settings and no others. */
export async function runMain(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, out, err }
}

/** What a command told with --json. */
export function told<Result>({ out }: Ran): Result {
  return JSON.parse(out) as Result
}
