import { error, redirect } from '@sveltejs/kit'
import { signInPath } from './links.ts'
import type { Problem } from './types.ts'

/** What a function of the API client answers. */
export type Outcome<Data> = { data: Data | undefined; error: unknown; response?: Response }

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

/** The problem of an answer that is none of success. What is no answer at all is a failure of ours. */
export function problemOf(outcome: Outcome<unknown>): Problem {
  if (isProblem(outcome.error)) return outcome.error
  throw new Error('The API did not answer with a problem document.', { cause: outcome.error })
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

/** A key for a form that creates something: sent twice, it creates once. */
export function newKey(): string {
  return crypto.randomUUID()
}

/** The header that makes a repeated POST safe. */
export function keyHeader(key: string): { 'idempotency-key': string } {
  return { 'idempotency-key': key === '' ? newKey() : key }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'status' in value && 'code' in value && 'title' in value
}
