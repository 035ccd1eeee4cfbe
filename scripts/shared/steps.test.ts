import { expect, test } from 'vitest'
import { formatReport, runSteps, type Step } from './steps.ts'

const good: Step = { name: 'good', run: async () => ({ ok: true, output: 'fine', note: '3 files' }) }
const bad: Step = { name: 'bad', run: async () => ({ ok: false, output: 'line 1\nline 2\n' }) }
const broken: Step = { name: 'broken', run: () => Promise.reject(new Error('no such file')) }

test('every step runs and is reported when it ends, whatever the others do', async () => {
  const reported: string[] = []
  const reports = await runSteps([bad, broken, good], 2, ({ name }) => reported.push(name))
  expect(reported.sort()).toEqual(['bad', 'broken', 'good'])
  expect(reports.filter(({ ok }) => ok).map(({ name }) => name)).toEqual(['good'])
})

test('no more than the given number run at once', async () => {
  let [running, most] = [0, 0]
  const run = async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 5))
    running--
    return { ok: true, output: '' }
  }
  const steps = Array.from({ length: 5 }, (_, index) => ({ name: `step ${index}`, run }))
  await runSteps(steps, 2, () => undefined)
  expect(most).toBe(2)
})

test('output is shown for what failed only', () => {
  expect(formatReport({ name: 'good', ok: true, output: 'fine', note: '3 files', seconds: 1.26 })).toBe(
    'ok     good            1.3 s  3 files',
  )
  expect(formatReport({ name: 'bad', ok: false, output: 'line 1\nline 2\n', seconds: 10 })).toBe(
    'FAILED bad            10.0 s\n    line 1\n    line 2\n',
  )
})
