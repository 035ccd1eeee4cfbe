import type { Database } from '../db/database.ts'
import { readMaintenance } from '../maintenance/maintenance.service.ts'
import { toInstantText } from '../shared/clock.ts'
import { ok, warning, type Finding } from '../shared/finding.ts'

const NAME = 'maintenance'

/** Whether visitors are let in: closed doors are easily forgotten. */
export async function checkMaintenance(db: Database): Promise<Finding[]> {
  const closed = await readMaintenance({ db })
  if (!closed) return [ok(NAME, 'open to visitors')]
  const found = `closed to visitors since ${toInstantText(closed.beganMs)}`
  return [warning(NAME, found, 'When the work is done: the command maintenance off.')]
}
