import type { Reference } from './backup-format.ts'

/**
 * Puts tables into an order in which each comes after those it points at, so that rows can be loaded one table at a time.
 * A table may point at itself.
 * @throws {Error} when tables point at each other in a circle
 */
export function orderByReferences(tables: readonly string[], references: readonly Reference[]): string[] {
  const ordered: string[] = []
  let left = [...tables].sort()
  while (left.length > 0) {
    const isFree = (table: string) =>
      references.every(({ from, to }) => from !== table || to === table || !left.includes(to))
    const free = left.filter(isFree)
    if (free.length === 0) throw new Error(`Tables point at each other in a circle: ${left.join(', ')}`)
    ordered.push(...free)
    left = left.filter((table) => !free.includes(table))
  }
  return ordered
}
