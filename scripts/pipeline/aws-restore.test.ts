import { expect, test } from 'vitest'
import { judgeRestores } from './aws-restore.ts'

const PLAN = 'slotkeeper_production_monthly'

function restore(date: string, status = 'COMPLETED', plan = PLAN) {
  const RestoreTestingPlanArn = `arn:aws:backup:eu-central-1:123456789012:restore-testing-plan:${plan}-0b1c`
  return { CreationDate: date, Status: status, CreatedBy: { RestoreTestingPlanArn } }
}

test('the newest restore of the plan counts', () => {
  const jobs = [restore('2026-10-03T10:00:00Z', 'FAILED'), restore('2026-11-03T10:00:00Z')]
  expect(judgeRestores(jobs, PLAN)).toEqual({ isGood: true, told: expect.stringContaining('2026-11-03') })
})

test.each([
  ['none', [], /nothing for 35 days/],
  [
    'one of another environment',
    [restore('2026-11-03T10:00:00Z', 'COMPLETED', 'slotkeeper_staging_monthly')],
    /nothing/,
  ],
  ['one by hand', [{ CreationDate: '2026-11-03T10:00:00Z', Status: 'COMPLETED' }], /nothing/],
  ['one that failed', [{ ...restore('2026-11-03T10:00:00Z', 'FAILED'), StatusMessage: 'No key.' }], /FAILED No key\./],
  ['one that goes on', [restore('2026-11-03T10:00:00Z', 'RUNNING')], /RUNNING/],
])('%s proves nothing', (_what, jobs, problem) => {
  expect(judgeRestores(jobs, PLAN)).toEqual({ isGood: false, told: expect.stringMatching(problem) })
})
