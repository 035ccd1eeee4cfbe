import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { COMMANDS } from '../../apps/server/src/commands/table.ts'
import { fencesOf, isShell, ordersOf } from '../docs/fences.ts'
import { findOperatorPages } from '../docs/operator-pages.ts'
import { findPages } from '../docs/pages.ts'
import { ROOT } from '../shared/run-command.ts'
import type { StepResult } from '../shared/steps.ts'

/** Pages that somebody chooses to read: each says for whom it is. A decision is for whoever meets what it decided. */
const FOR_READERS = /^docs\/(?:use|operate|develop|onboarding|index)/

/**
 * What the documentation names must be there: linked files and pictures, npm scripts, programs and commands of the
 * server. Commands for operators are run by a test or say why not.
 */
export async function checkDocs(): Promise<StepResult> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  const pages = await findPages()
  const forOperators = await findOperatorPages()
  const wrong: string[] = []
  for (const { file } of pages) {
    const text = await readFile(join(ROOT, file), 'utf8')
    const found = [
      ...missingIn(text, dirname(file), Object.keys(scripts)),
      ...(forOperators.includes(file) ? untriedIn(text) : []),
      ...(FOR_READERS.test(file) && !saysForWhom(text)
        ? ['say below the heading for whom it is: _For operators ..._']
        : []),
    ]
    wrong.push(...found.map((what) => `${file}: ${what}`))
  }
  return { ok: wrong.length === 0, output: wrong.join('\n'), note: `${pages.length} pages` }
}

/** @returns a sentence for everything that a page names and that is not there */
export function missingIn(text: string, folder: string, scripts: string[]): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = '']) => join(folder, path))
  const programs = [...text.matchAll(/\bnode (apps\/\S+\.ts)/g)].map(([, path = '']) => path)
  const named = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name)
  const commands = [...text.matchAll(/(?:src\/main\.ts|slotkeeper --) ([a-z][a-z-]*)/g)].map(([, name = '']) => name)
  const isCommand = (word: string) => COMMANDS.some(({ name }) => name.split(' ')[0] === word)
  return [
    ...[...links, ...programs].filter((path) => !existsSync(join(ROOT, path))).map((path) => `${path} does not exist`),
    ...named.filter((name) => !scripts.includes(name)).map((name) => `there is no npm script ${name}`),
    ...commands.filter((word) => !isCommand(word)).map((word) => `the server has no command ${word}`),
  ]
}

/** @returns a sentence for every fence of a shell that is not run and does not say why, and for those of no language */
export function untriedIn(text: string): string[] {
  return fencesOf(text).flatMap((fence) => {
    if (fence.language === '') return [`line ${fence.line}: name the language of the fence, \`text\` if it has none`]
    if (!isShell(fence) || ordersOf(fence)) return []
    return [
      `line ${fence.line}: mark the fence \`run\`, or \`not-run="why it cannot be run by npm run test:runbooks"\``,
    ]
  })
}

/** @returns whether the first paragraph after the heading begins with it, set apart */
export function saysForWhom(text: string): boolean {
  return /^# .+\n\n[_*]For .+[_*]/m.test(text)
}
