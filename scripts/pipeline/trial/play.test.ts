import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Workflow } from '../workflows.ts'
import { choicesOf, playJob, type Turn } from './play.ts'
import { tryStep } from './try.ts'

const WORKFLOW = parse(`
env: { A: workflow, B: workflow }
jobs:
  deploy:
    env: { B: '\${{ vars.TARGET }}' }
    steps:
      - if: vars.TARGET == 'aws'
        uses: acme/sign-in@0
      - id: smoke
        run: npm run smoke -- "$A" "$B" "$C"
        env: { C: step }
      - run: npm run next
      - if: \${{ failure() && steps.smoke.outcome == 'failure' }}
        run: npm run back
`) as Workflow

/** What is done when the command `fails` does not succeed. */
async function played(fails: string, instead: Record<string, string> = {}): Promise<string[]> {
  const done: string[] = []
  const job = WORKFLOW.jobs?.['deploy'] ?? {}
  const contexts = { vars: { TARGET: 'docker' }, steps: {} }
  await playJob({ workflow: WORKFLOW, job, contexts, runner: { D: 'runner' }, instead }, async (turn) => {
    const command = 'command' in turn ? turn.command : turn.action
    if (turn.isRun) done.push(command)
    return command !== fails
  })
  return done
}

test('steps run in their order, with the nearest of their variables, and none after a failure but who asks for it', async () => {
  const smoke = 'npm run smoke -- workflow docker step'
  expect(await played('')).toEqual([smoke, 'npm run next'])
  expect(await played(smoke)).toEqual([smoke, 'npm run back'])
  expect(await played('npm run next')).toEqual([smoke, 'npm run next'])
  expect(await played('', { B: 'here' })).toContain('npm run smoke -- workflow here step')
})

test('a job has a turn for each choice of its matrix', () => {
  expect(choicesOf({})).toEqual([{}])
  const matrix = { suite: ['unit', 'db'], on: ['a', 'b'] }
  expect(choicesOf({ strategy: { matrix } })).toHaveLength(4)
})

test.each<Turn>([
  { command: 'npm run what-nobody-thought-of', env: {}, isRun: true },
  { action: 'acme/unknown@0', isRun: true },
])('what nobody has said how to try fails: %j', async (turn) => {
  const tried = await tryStep(turn, undefined, { root: '.', hasDocker: false, isShort: true })
  expect(tried?.found.state).toBe('failed')
  expect(tried?.found.told).toContain('nobody has said')
})
