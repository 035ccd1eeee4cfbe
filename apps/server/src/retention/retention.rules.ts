/** How long something is kept, and what sees to it. */
export type Keeping = {
  kind: string
  /** as a person says it */
  keptFor: string
  /** after this long it should be gone; undefined where time alone removes nothing */
  keptMs: number | undefined
  enforcedBy: string
}

const DAY_MS = 86_400_000
const YEAR_MS = 366 * DAY_MS
const MONTH_MS = 31 * DAY_MS

/** Contents of messages, and wishes that have ended, stay for a year and a little more, as claims do. */
export const WORDS_KEPT_MS = 400 * DAY_MS

/** What is kept for how long. The trail goes by whole months. */
export function keepings(auditYears: number) {
  return {
    event: {
      ...{ kind: 'audit trail', keptFor: `${auditYears} years`, keptMs: auditYears * YEAR_MS + MONTH_MS },
      enforcedBy: 'job retention.sweep, month by month; the database refuses less than 7 years',
    },
    answer: {
      ...{ kind: 'answers by Idempotency-Key', keptFor: '24 hours', keptMs: DAY_MS },
      enforcedBy: 'job idempotency.sweep, every hour',
    },
    hold: {
      ...{ kind: 'holds', keptFor: 'until they expire', keptMs: 0 },
      enforcedBy: 'job holds.sweep, every five minutes',
    },
    claim: {
      ...{ kind: 'claims of past appointments', keptFor: '400 days', keptMs: WORDS_KEPT_MS },
      enforcedBy: 'job claims.sweep, every day',
    },
    message: {
      ...{ kind: 'contents of messages', keptFor: '400 days', keptMs: WORDS_KEPT_MS },
      enforcedBy: 'job retention.sweep, every day',
    },
    wish: {
      ...{ kind: 'wishes that have ended', keptFor: '400 days', keptMs: WORDS_KEPT_MS },
      enforcedBy: 'job retention.sweep, every day',
    },
    session: {
      ...{ kind: 'sessions', keptFor: '30 days after their last use', keptMs: 30 * DAY_MS },
      enforcedBy: 'job retention.sweep, every day',
    },
    log: {
      ...{ kind: 'application logs', keptFor: '30 days', keptMs: undefined },
      enforcedBy: 'where the logs are stored: see docs/operate/monitoring.md',
    },
    booking: {
      ...{ kind: 'bookings and customers', keptFor: 'until the customer is erased', keptMs: undefined },
      enforcedBy: 'the business, in the back office or the API',
    },
  } satisfies Record<string, Keeping>
}

/** What is done every day may be a day late, and the day it is done a little later still. */
const GRACE_MS = 2 * DAY_MS

/** Whether something should be gone by now. */
export function isOverdue({ keptMs }: Pick<Keeping, 'keptMs'>, oldestMs: number | undefined, nowMs: number): boolean {
  return keptMs !== undefined && oldestMs !== undefined && nowMs - oldestMs > keptMs + GRACE_MS
}
