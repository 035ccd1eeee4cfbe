import { parseCronItems, type Task } from 'graphile-worker'
import { prepareAudit, sealAudit } from '../audit/audit.service.ts'
import { answerSignUp, type AnswerDeps } from '../auth/sign-up.service.ts'
import { sweepClaims, sweepHolds } from '../bookings/bookings.service.ts'
import { sweepBookings } from '../bookings/life.service.ts'
import { countFigures } from '../figures/figures.service.ts'
import { sweepAnswers } from '../idempotency/idempotency.service.ts'
import { deliverMessages, sweepMessages, type DeliveryDeps } from '../notifications/notifications.service.ts'
import { listOrganizationIds } from '../organizations/organizations.service.ts'
import { inTurn } from '../shared/in-turn.ts'
import { sweepInstallation, sweepWords, type RetentionDeps } from '../retention/retention.service.ts'
import { offerTimes } from '../waiting-list/offers.service.ts'
import type { WaitingDeps } from '../waiting-list/waiting-list.service.ts'
import { parseAsked, parseDelivery, parseOrganizationId } from './payloads.ts'
import { removeSuperseded } from './superseded.queries.ts'

/** What is done for every organization again and again, at these minutes. What was missed is not made up for. */
export const CRON_ITEMS = parseCronItems([
  { task: 'audit.seal', match: '* * * * *' },
  { task: 'waiting-list.sweep', match: '* * * * *' },
  { task: 'holds.sweep', match: '*/5 * * * *' },
  { task: 'bookings.sweep', match: '*/5 * * * *' },
  { task: 'messages.sweep', match: '*/10 * * * *' },
  { task: 'jobs.sweep', match: '*/10 * * * *' },
  { task: 'figures.count', match: '*/15 * * * *' },
  { task: 'idempotency.sweep', match: '17 * * * *' },
  { task: 'claims.sweep', match: '53 3 * * *' },
  { task: 'retention.sweep', match: '41 3 * * *' },
  // Months ahead: a day that was missed makes no difference.
  { task: 'audit.prepare', match: '23 3 * * *' },
])

type TaskDeps = WaitingDeps & DeliveryDeps & RetentionDeps & AnswerDeps

/** The work of every kind of job. */
export function tasksOf(deps: TaskDeps): Record<string, Task> {
  // Each keeps a connection while it works with another: more of them at once could have them all.
  const oneByOne = inTurn()
  const offer = (id: string) => oneByOne(() => offerTimes(deps, id))
  const forEach = (work: (organizationId: string) => Promise<unknown>) => async () =>
    eachOf(await listOrganizationIds(deps.db), work)
  return {
    'sign-up.answer': (payload) => answerSignUp(deps, parseAsked(payload)),
    'messages.deliver': (payload) => deliverMessages(deps, parseDelivery(payload)),
    'audit.seal': forEach((id) => sealAudit(deps, id)),
    'waiting-list.offer': (payload) => offer(parseOrganizationId(payload)).then(() => undefined),
    'waiting-list.sweep': forEach(offer),
    'holds.sweep': forEach((id) => sweepHolds(deps, id)),
    'bookings.sweep': forEach((id) => sweepBookings(deps, id)),
    'messages.sweep': forEach((id) => sweepMessages(deps, id)),
    'idempotency.sweep': forEach((id) => sweepAnswers(deps, id)),
    'jobs.sweep': () => removeSuperseded(deps.db.pool).then(() => undefined),
    'figures.count': () => countFigures(deps).then(() => undefined),
    'claims.sweep': forEach((id) => sweepClaims(deps, id)),
    'retention.sweep': async () => {
      await forEach((id) => sweepWords(deps, id))()
      await sweepInstallation(deps)
    },
    'audit.prepare': () => prepareAudit(deps).then(() => undefined),
  }
}

/**
 * Works for one after the other; what fails for one keeps nobody else from having it done.
 * @throws {AggregateError} when it failed for some
 */
async function eachOf(organizationIds: string[], work: (organizationId: string) => Promise<unknown>): Promise<void> {
  const failures: Error[] = []
  for (const id of organizationIds) {
    try {
      await work(id)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      failures.push(new Error(`organization ${id}: ${reason}`, { cause: error }))
    }
  }
  // The queue keeps and logs the message alone.
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'))
}
