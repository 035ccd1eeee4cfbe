import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT } from '../shared/run-command.ts'
import type { StepResult } from '../shared/steps.ts'

const PAGES = ['*.md', 'docs/**/*.md', 'apps/*/README.md', 'packages/*/README.md', 'deploy/**/*.md']

/** What the documentation names must be there: linked files and pictures, npm scripts, and programs of the server. */
export async function checkDocs(): Promise<StepResult> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  const pages = await Array.fromAsync(glob(PAGES, { cwd: ROOT }))
  const wrong: string[] = []
  for (const page of pages) {
    const text = await readFile(join(ROOT, page), 'utf8')
    for (const missing of missingIn(text, dirname(page), Object.keys(scripts))) wrong.push(`${page}: ${missing}`)
  }
  return { ok: wrong.length === 0, output: wrong.join('\n'), note: `${pages.length} pages` }
}

/** @returns a sentence for everything that a page names and that is not there */
export function missingIn(text: string, folder: string, scripts: string[]): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = '']) => join(folder, path))
  const programs = [...text.matchAll(/\bnode (apps\/\S+\.ts)/g)].map(([, path = '']) => path)
  const named = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name)
  return [
    ...[...links, ...programs].filter((path) => !existsSync(join(ROOT, path))).map((path) => `${path} does not exist`),
    ...named.filter((name) => !scripts.includes(name)).map((name) => `there is no npm script ${name}`),
  ]
}
