/**
 * Gives each item a place of its own among those that fit it, moving earlier ones to other places that fit them, too.
 * @param placesOf  the places that fit an item, each by its own identity
 * @returns the items for which no place is left however the others are placed; as few as possible
 * @see H. W. Kuhn, "The Hungarian method for the assignment problem" (1955): augmenting paths in a bipartite graph
 */
export function findUnplaced<Item, Place>(items: Item[], placesOf: (item: Item) => Place[]): Item[] {
  const holder = new Map<Place, Item>()
  const fitting = new Map(items.map((item) => [item, placesOf(item)]))
  const place = (item: Item, tried: Set<Place>): boolean => {
    for (const one of fitting.get(item) ?? []) {
      if (tried.has(one)) continue
      tried.add(one)
      const other = holder.get(one)
      if (other !== undefined && !place(other, tried)) continue
      holder.set(one, item)
      return true
    }
    return false
  }
  return items.filter((item) => !place(item, new Set()))
}
