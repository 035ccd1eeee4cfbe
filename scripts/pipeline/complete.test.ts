import { expect, test } from 'vitest'
import { neverRun } from './complete.ts'
import type { WorkflowFile } from './workflows.ts'

const SUITES = [{ name: 'unit' }, { name: 'race', isPart: true }, { name: 'docker', isExtra: true, isPart: true }]
const SCRIPTS = ['check', 'test', 'test:unit', 'test:race', 'test:docker', 'test:mutation']

/** A workflow with one job, whose one command takes each value of its matrix. */
function workflow(path: string, run: string, values: string[]): WorkflowFile {
  const step = { run, env: { VALUE: '${{ matrix.value }}' } }
  const jobs = { one: { strategy: { matrix: { value: values } }, steps: [step] } }
  return { path: `.github/workflows/${path}`, text: '', workflow: { jobs } }
}

function found(suites: string[], longScripts: string[]): string[] {
  const checks = workflow('checks.yml', 'npm run test -- "$VALUE"', suites)
  return neverRun([checks, workflow('nightly.yml', 'npm run "$VALUE"', longScripts)], SUITES, SCRIPTS)
}

test('every suite runs before a change, and what no suite runs to its end at night', () => {
  expect(found(['unit', 'race'], ['test:race', 'test:docker', 'test:mutation'])).toEqual([])
})

test('a suite that no job runs is named, and so is a script of tests, extra ones included', () => {
  expect(found(['unit'], ['test:race', 'test:docker', 'test:mutation'])).toEqual([
    'checks.yml does not run the suite race',
  ])
  expect(found(['unit', 'race'], ['test:race'])).toEqual([
    'nightly.yml does not run test:docker',
    'nightly.yml does not run test:mutation',
  ])
  expect(neverRun([], SUITES, [])).toHaveLength(2)
})
