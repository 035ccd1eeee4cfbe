import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GENERATED } from '../generated.ts'
import { ROOT, runCommand } from '../shared/run-command.ts'
import type { StepResult } from '../shared/steps.ts'

/** The contents of files by their path in the checkout. */
type Files = Map<string, string>

/** Checks that every generated file is what its generator writes now. Leaves the files as they were found. */
export async function checkGenerated(): Promise<StepResult> {
  const found = await readAll()
  const problems: string[] = []
  try {
    for (const { script } of GENERATED) {
      const { ok, output } = await runCommand('npm', ['run', '--silent', script])
      if (!ok) return { ok: false, output: `npm run ${script} failed:\n${output}` }
    }
    problems.push(...differences(found, await readAll()))
  } finally {
    await restore(found)
  }
  const advice = 'Run `npm run generate` and commit what it writes.'
  return { ok: problems.length === 0, output: [...problems, advice].join('\n'), note: `${found.size} files` }
}

/** Names each file that differs, with the first line that does. */
export function differences(before: Files, after: Files): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)]
    if (old === now) return []
    if (old === undefined) return [`${path} is missing`]
    return [now === undefined ? `${path} is no longer generated` : `${path} is stale (${firstDifference(old, now)})`]
  })
}

function firstDifference(old: string, now: string): string {
  const [oldLines, nowLines] = [old.split('\n'), now.split('\n')]
  const index = nowLines.findIndex((line, at) => line !== oldLines[at])
  const at = index === -1 ? nowLines.length : index
  return `line ${at + 1}: ${JSON.stringify(oldLines[at] ?? '')}, now ${JSON.stringify(nowLines[at] ?? '')}`
}

async function readAll(): Promise<Files> {
  const lists = await Promise.all(GENERATED.flatMap(({ outputs }) => outputs).map(listFiles))
  const paths = lists.flat()
  const contents = await Promise.all(paths.map((path) => readFile(join(ROOT, path), 'utf8')))
  return new Map(paths.map((path, index) => [path, contents[index] ?? '']))
}

/** @returns the file itself, or the files below a folder; nothing when there is neither */
async function listFiles(path: string): Promise<string[]> {
  const entry = await stat(join(ROOT, path)).catch(() => undefined)
  if (!entry) return []
  if (!entry.isDirectory()) return [path]
  const names = await readdir(join(ROOT, path))
  return (await Promise.all(names.map((name) => listFiles(join(path, name))))).flat()
}

async function restore(found: Files): Promise<void> {
  const now = await readAll()
  for (const path of now.keys()) {
    if (!found.has(path)) await rm(join(ROOT, path))
  }
  for (const [path, content] of found) {
    if (now.get(path) === content) continue
    await mkdir(dirname(join(ROOT, path)), { recursive: true })
    await writeFile(join(ROOT, path), content)
  }
}
