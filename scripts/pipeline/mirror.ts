import { git } from '../release/git.ts'

/**
 * Makes another remote what `origin` is by the last fetch: all branches and tags, and none that is gone.
 * @param root  a full clone
 * @throws with what git says when the remote does not take it
 */
export async function mirrorTo(root: string, remote: string): Promise<void> {
  // Where a clone has it, it names a branch, and is none.
  await git(root, 'remote', 'set-head', 'origin', '--delete')
  await git(root, 'push', '--prune', '--force', remote, 'refs/remotes/origin/*:refs/heads/*', 'refs/tags/*:refs/tags/*')
}
