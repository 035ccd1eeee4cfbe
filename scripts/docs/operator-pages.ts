import { glob } from 'node:fs/promises'
import { ROOT } from '../shared/run-command.ts'

/** @returns the pages whose commands are run by a test, or say why not; in the order of their paths */
export async function findOperatorPages(): Promise<string[]> {
  const pages = await Array.fromAsync(glob(['docs/operate/**/*.md', 'docs/onboarding/**/*.md'], { cwd: ROOT }))
  return pages.sort()
}
