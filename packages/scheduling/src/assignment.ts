import type { Candidate, Requirement, Turn } from './query.ts'

/** What one requirement needs at some start. */
export type Need = {
  readonly requirement: Requirement
  /** indexes of candidates, best first; see `ranked` */
  readonly ranked: readonly number[]
  readonly isFree: (candidate: number) => boolean
  /** one of those who serve must be such a one; everybody is, where it is absent */
  readonly leads?: (candidate: number) => boolean
}

/**
 * The candidates of a requirement in the order in which they are to be given work: as they are listed, or by whose turn it
 * is: the highest priority, then the least load for the weight, the greater weight, the longest not served, the first listed.
 */
export function ranked({ candidates, assign }: Requirement): number[] {
  const order = [...candidates.keys()]
  if (assign !== 'by_turn') return order
  const turns = candidates.map(({ turn }) => turnOf(turn))
  return order.sort((a, b) => compareTurns(turns[a] ?? NO_TURN, turns[b] ?? NO_TURN))
}

const NO_TURN = turnOf(undefined)

function turnOf({ priority = 0, weight = 1, load = 0, lastMs = -Number.MAX_VALUE }: Turn = {}) {
  return { priority, weight, share: load / weight, lastMs }
}

function compareTurns(a: typeof NO_TURN, b: typeof NO_TURN): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  if (a.share !== b.share) return a.share - b.share
  if (a.weight !== b.weight) return b.weight - a.weight
  return a.lastMs - b.lastMs
}

/** One place to fill: whoever may fill it, best first. */
type Place = { need: number; options: readonly number[] }

/**
 * Fills the needs of one segment so that nobody serves twice at once: the best by rank for the first need, then for the
 * next, as far as all can still be filled. The same input always gives the same answer.
 * @returns for every need the indexes of its candidates; undefined when the needs cannot all be filled
 */
export function assign(needs: readonly Need[]): number[][] | undefined {
  const places = needs.flatMap((need, index) => placesOf(need, index))
  const ids = needs.map(({ requirement }) => requirement.candidates.map(({ id }) => id))
  const idOf = (need: number, candidate: number) => ids[need]?.[candidate] ?? ''
  const taken = new Set<string>()
  const chosen: number[][] = needs.map(() => [])
  for (const [index, { need, options }] of places.entries()) {
    const pick = options.find((candidate) => {
      const id = idOf(need, candidate)
      if (taken.has(id)) return false
      return canFill(places.slice(index + 1), new Set(taken).add(id), idOf)
    })
    if (pick === undefined) return undefined
    taken.add(idOf(need, pick))
    chosen[need]?.push(pick)
  }
  return chosen
}

/** Whether some candidate is named by more than one requirement. */
export function sharesCandidates(requirements: readonly Requirement[]): boolean {
  const all = requirements.flatMap(({ candidates }) => candidates.map(({ id }: Candidate) => id))
  return new Set(all).size < all.length
}

/** Whoever was chosen has the first place, whoever leads the next; then the others. */
function placesOf({ requirement, ranked: order, isFree, leads }: Need, need: number): Place[] {
  const { count, chosen, candidates } = requirement
  const free = order.filter(isFree)
  const places: Place[] = []
  const picked = chosen === undefined ? undefined : candidates.findIndex(({ id }) => id === chosen)
  if (picked !== undefined) places.push({ need, options: free.filter((candidate) => candidate === picked) })
  const isLed = !leads || (picked !== undefined && leads(picked))
  if (!isLed && places.length < count) places.push({ need, options: free.filter(leads) })
  while (places.length < count) places.push({ need, options: free })
  return places
}

/** Whether places can all be filled by different people: a matching in the graph of places and people, grown by augmenting paths. */
function canFill(
  places: readonly Place[],
  taken: ReadonlySet<string>,
  idOf: (need: number, candidate: number) => string,
) {
  const placeOf = new Map<string, Place>()
  const grow = (place: Place, visited: Set<string>): boolean => {
    const { need, options } = place
    for (const candidate of options) {
      const id = idOf(need, candidate)
      if (taken.has(id) || visited.has(id)) continue
      visited.add(id)
      const other = placeOf.get(id)
      if (other !== undefined && !grow(other, visited)) continue
      placeOf.set(id, place)
      return true
    }
    return false
  }
  return places.every((place) => grow(place, new Set()))
}
