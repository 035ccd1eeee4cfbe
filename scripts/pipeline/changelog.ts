import { headingOf } from '../release/version.ts'

/**
 * What CHANGELOG.md tells of a release, without its heading.
 * @param version  such as 1.2.3
 * @returns undefined when there is no dated entry of it
 */
export function notesOf(changelog: string, version: string): string | undefined {
  const heading = headingOf(changelog, version)
  if (heading === undefined) return undefined
  const section = changelog.split(/^## /m).find((text) => text.startsWith(heading))
  return section?.slice(heading.length).trim()
}
