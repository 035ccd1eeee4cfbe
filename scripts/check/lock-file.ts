import type { StepResult } from '../shared/steps.ts'

/** The part of package-lock.json that is looked at. */
export type LockFile = {
  packages: Record<string, { resolved?: string; link?: boolean; optionalDependencies?: Record<string, string> }>
}

/**
 * Checks that `npm ci` can work on every platform: a lock file made where some platform's package could not be had
 * lacks it, and then fails for everybody. Also that it names no registry, so that each installs from their own.
 */
export function checkLockFile(lock: LockFile): StepResult {
  const problems = Object.entries(lock.packages).flatMap(([path, entry]) => [
    ...missingOptional(lock, path, entry.optionalDependencies ?? {}),
    ...(entry.resolved && !entry.link ? [`${path} names where it comes from: ${entry.resolved}`] : []),
  ])
  return { ok: problems.length === 0, output: problems.join('\n') }
}

function missingOptional(lock: LockFile, path: string, optional: Record<string, string>): string[] {
  const names = Object.keys(optional).filter((name) => !isLocked(lock, path, name))
  return names.map((name) => {
    const owner = path === '' ? 'the root' : path
    return `${owner} may need ${name}, which is not in package-lock.json: take a version whose platform packages all exist`
  })
}

/** Node.js looks for a package in the node_modules of each folder upwards. */
function isLocked(lock: LockFile, path: string, name: string): boolean {
  for (let folder = path; ; folder = parentPackage(folder)) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (candidate in lock.packages) return true
    if (folder === '') return false
  }
}

function parentPackage(path: string): string {
  const end = path.lastIndexOf('/node_modules/')
  return end === -1 ? '' : path.slice(0, end)
}
