import { runCommand } from '../shared/run-command.ts'
import { word } from './targets.ts'

/** How a restore went, in a sentence. */
type Verdict = { isGood: boolean; told: string }

/** A restore as AWS Backup lists it: the part that is looked at. */
type RestoreJob = {
  CreationDate: string
  Status: string
  StatusMessage?: string
  CreatedBy?: { RestoreTestingPlanArn?: string }
}

const DAY_MS = 86_400_000

/** The plan restores once a month; a month and its window have fewer days. */
const DAYS_MAX = 35

/**
 * Asks AWS Backup how the newest restore of the environment's restore-testing plan went (deploy/aws/stacks/backup.ts).
 * One that is not through, or that was too long ago, is not good.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html
 */
export async function newestAwsRestore(environment: string, nowMs: number): Promise<Verdict> {
  const plan = `slotkeeper_${word({ ENVIRONMENT: environment }, 'ENVIRONMENT').replaceAll('-', '_')}_monthly`
  const since = new Date(nowMs - DAYS_MAX * DAY_MS).toISOString()
  const asked = ['backup', 'list-restore-jobs', '--by-created-after', since, '--output', 'json']
  const { ok, output } = await runCommand('aws', asked)
  if (!ok) return { isGood: false, told: `aws ${asked.join(' ')} says: ${output.trim()}` }
  return judgeRestores((JSON.parse(output) as { RestoreJobs: RestoreJob[] }).RestoreJobs, plan)
}

/** @param jobs  of the last five weeks, in any order */
export function judgeRestores(jobs: readonly RestoreJob[], plan: string): Verdict {
  // An id follows the name.
  const own = jobs.filter(({ CreatedBy }) =>
    CreatedBy?.RestoreTestingPlanArn?.includes(`:restore-testing-plan:${plan}-`),
  )
  const newest = own.toSorted((one, other) => Date.parse(other.CreationDate) - Date.parse(one.CreationDate))[0]
  if (newest === undefined) return { isGood: false, told: `${plan} has restored nothing for ${DAYS_MAX} days` }
  const { Status: status, StatusMessage: message = '', CreationDate: date } = newest
  const isGood = status === 'COMPLETED'
  return { isGood, told: `${plan}, restore of ${date}: ${status} ${message}`.trim() }
}
