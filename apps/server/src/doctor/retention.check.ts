import { listRetention, type RetentionDeps } from '../retention/retention.service.ts'
import { ok, warning, type Finding } from '../shared/finding.ts'

const NAME = 'retention'

/** Whether something is kept for longer than it may be. */
export async function checkRetention(deps: RetentionDeps): Promise<Finding[]> {
  const overdue = (await listRetention(deps)).filter((kind) => kind.overdue).map(({ kind }) => kind)
  if (overdue.length === 0) return [ok(NAME, 'nothing is kept for longer than it should be')]
  const fix = 'Start a worker and read its log; the command retention tells what removes what.'
  return [warning(NAME, `kept for too long: ${overdue.join(', ')}`, fix)]
}
