import { explainStart, type Client, type ExplainStartData } from '@slotkeeper/client'
import { m } from '#lib/paraglide/messages.js'
import type { Explanation } from './types.ts'

export type Reason = NonNullable<Explanation['reason']>

/** Why a time is not offered, for the person who wants it. */
const TEXTS: Record<Reason, () => string> = {
  past: m.public_why_past,
  notice: m.public_why_notice,
  window: m.public_why_window,
  no_provider: m.public_why_no_provider,
  hours: m.public_why_hours,
  steps: m.public_why_steps,
  full: m.public_why_full,
  limit: m.public_why_limit,
  taken: m.public_why_taken,
  resource: m.public_why_resource,
  not_offered: m.public_why_not_offered,
}

/** What follows from the published rules alone, whoever else has booked. */
const BY_RULE: readonly Reason[] = ['past', 'notice', 'window', 'no_provider', 'hours', 'steps']

/** What is wanted, as the API takes it. */
export type WantedTime = { path: ExplainStartData['path']; query: ExplainStartData['query'] }

/**
 * Why a time is not offered.
 * @param isMoving  whether a booking is to be moved: of what is taken then, its own time is part
 * @returns undefined when the time is offered after all, or nobody knows
 */
export async function findReason(
  client: Client,
  wanted: WantedTime,
  { isMoving = false } = {},
): Promise<Reason | undefined> {
  const { data } = await explainStart({ client, ...wanted })
  const reason = data?.reason
  return reason !== undefined && isMoving && !BY_RULE.includes(reason) ? undefined : reason
}

/** A reason in the reader's language. */
export function reasonText(reason: Reason): string {
  return TEXTS[reason]()
}
