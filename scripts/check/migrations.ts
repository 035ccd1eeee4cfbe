import { glob, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ROOT, runBin } from '../shared/run-command.ts'
import type { StepResult } from '../shared/steps.ts'

const PATTERN = 'apps/server/migrations/[0-9]*.sql'

/** Lints what a migration does on its way up; the way down may drop what the way up has made. */
export async function checkMigrations(): Promise<StepResult> {
  const files = (await Array.fromAsync(glob(PATTERN, { cwd: ROOT }))).sort()
  const results = await Promise.all(files.map((file) => lintMigration(file)))
  const output = results.filter(Boolean).join('\n')
  return { ok: output === '', output, note: `${files.length} files` }
}

/** @returns what is wrong; empty when nothing is */
async function lintMigration(file: string): Promise<string> {
  const sql = await readFile(`${ROOT}/${file}`, 'utf8')
  const downStart = sql.search(/^-- Down Migration/m)
  if (!sql.startsWith('-- Up Migration') || downStart === -1) {
    return `${file}: needs the lines "-- Up Migration" (first) and "-- Down Migration"`
  }
  const { ok, output } = await runBin('squawk', ['--stdin-filepath', basename(file)], {
    input: sql.slice(0, downStart),
  })
  return ok ? '' : output
}
