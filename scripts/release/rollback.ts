import { ok, warning, type Finding } from '../../apps/server/src/shared/finding.ts'
import { git } from './git.ts'

/** Where to go back to when the release does not do. */
export async function checkRollback(root: string, since: string | undefined): Promise<Finding[]> {
  const name = 'way back'
  if (since === undefined) {
    const fix = 'Make a backup before: there is no release to go back to. Its tag makes this one the first.'
    return [warning(name, 'no release before this one has a tag (v1.2.3)', fix)]
  }
  const commits = await git(root, 'rev-list', '--count', `${since}..HEAD`)
  return [ok(name, `to ${since}, ${commits} commits before: npm run rollback:docker`)]
}
