import { error } from '@sveltejs/kit'
import type { Problem } from '@slotkeeper/client'

/** What a function of the API client answers. */
export type Outcome<Data> = { data: Data | undefined; error: unknown; response?: Response }

/**
 * Takes the data of an answer that a page cannot do without.
 * @throws the API's own status and sentence when it refuses
 */
export function need<Data>(outcome: Outcome<Data>): Data {
  if (outcome.data !== undefined) return outcome.data
  const problem = problemOf(outcome)
  error(problem.status, problem.detail ?? problem.title)
}

/** The problem of an answer that is none of success. What is no answer at all is a failure of ours. */
export function problemOf(outcome: Outcome<unknown>): Problem {
  if (isProblem(outcome.error)) return outcome.error
  throw new Error('The API did not answer with a problem document.', { cause: outcome.error })
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'status' in value && 'code' in value && 'title' in value
}
