import { failed, ok, type Finding } from '../../apps/server/src/shared/finding.ts'
import { git } from './git.ts'

/** What is released is what is committed. */
export async function checkTree(root: string): Promise<Finding[]> {
  const changed = (await git(root, 'status', '--porcelain')).split('\n').filter(Boolean)
  if (changed.length === 0) return [ok('clean tree', `at ${await git(root, 'rev-parse', '--short', 'HEAD')}`)]
  const first = changed.slice(0, 5).map((line) => line.slice(3))
  const more = changed.length > first.length ? ` and ${changed.length - first.length} more` : ''
  return [failed('clean tree', `not committed: ${first.join(', ')}${more}`, 'Commit it, or take it away.')]
}
