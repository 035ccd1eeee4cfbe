import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../shared/run-command.ts'

const PAGE = 'docs/operate/runbooks/troubleshooting.md'

/** What others say: the system, and PostgreSQL. */
const FOREIGN = ['ECONNREFUSED', '57P03', 'too many clients']

test('what people are told to look out for is what the product says', async () => {
  const page = await readFile(join(ROOT, PAGE), 'utf8')
  const seen = page.split('\n').filter((line) => line.startsWith('**You see**'))
  const symptoms = seen.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text))
  const files = glob(['apps/server/src/**/*.ts', 'apps/web/src/**/*.{ts,svelte}', 'deploy/nginx/*.template'], {
    cwd: ROOT,
  })
  const sources: string[] = []
  for await (const file of files) if (!file.includes('.test.')) sources.push(await readFile(join(ROOT, file), 'utf8'))
  const unsaid = symptoms.filter((text) => !FOREIGN.includes(text) && !sources.some((source) => source.includes(text)))
  expect(symptoms.length).toBeGreaterThan(5)
  expect(unsaid).toEqual([])
})
