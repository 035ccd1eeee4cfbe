import { withParams } from './links.ts'

/** A link to the same list with one state only, or (null) with all. */
export type StateFilter<State extends string> = { state: State | null; href: string; isCurrent: boolean }

const PAGE_SIZE = 50

/** What the address of a list that is read in pages, and by state, asks for. */
export function listQuery<State extends string>(url: URL, states: readonly State[]) {
  const state = states.find((name) => name === url.searchParams.get('state'))
  const cursor = url.searchParams.get('cursor')
  return { limit: PAGE_SIZE, ...(state && { state }), ...(cursor !== null && { cursor }) }
}

/** The links of such a list: to its states, to its first page when another is shown, and to the next. */
export function listLinks<State extends string>(url: URL, states: readonly State[], nextCursor: string | undefined) {
  const { state: current, cursor } = listQuery(url, states)
  const filters: StateFilter<State>[] = [null, ...states].map((state) => ({
    state,
    href: withParams(url, { state, cursor: null, done: null }),
    isCurrent: (current ?? null) === state,
  }))
  return {
    filters,
    first: cursor === undefined ? null : withParams(url, { cursor: null }),
    next: nextCursor === undefined ? null : withParams(url, { cursor: nextCursor }),
  }
}
