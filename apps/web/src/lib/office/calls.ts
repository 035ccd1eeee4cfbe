import { error, redirect } from '@sveltejs/kit'
import { problemOf, type Outcome } from '#lib/api.ts'
import { signInPath } from './links.ts'

const PAGE_SIZE = 200
/** No list of a business's own things is longer; beyond it, the pages ask for a search. */
const MOST_PAGES = 10

/**
 * Takes the data of an answer that a page cannot do without.
 * @throws a redirect to the sign-in page when the session has ended, and the API's own status and sentence otherwise
 */
export function need<Data>(outcome: Outcome<Data>, url: URL): Data {
  if (outcome.data !== undefined) return outcome.data
  const problem = problemOf(outcome)
  if (problem.status === 401) redirect(303, signInPath(url))
  error(problem.status, problem.detail ?? problem.title)
}

/** Reads a list to its end, page by page. */
export async function allItems<Item>(
  url: URL,
  readPage: (query: { limit: number; cursor?: string }) => Promise<Outcome<{ items: Item[]; nextCursor?: string }>>,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const read = need(await readPage({ limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) }), url)
    items.push(...read.items)
    cursor = read.nextCursor
    if (cursor === undefined) break
  }
  return items
}
