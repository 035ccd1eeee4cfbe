import { appendAudit } from '../audit/audit.service.ts'
import type { Config } from '../config/config.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce, type Once } from '../idempotency/idempotency.service.ts'
import type { Actor } from '../shared/actor.ts'
import { toDate, toInstantText, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import type { LinkSigner } from '../shared/link-token.ts'
import { parseFacts, parseKind } from './facts.ts'
import { toICalendar } from './invitation.rules.ts'
import { toHtml, toPlainText } from './layout.ts'
import { MailRefused, type Mail, type Mailer } from './mailer.ts'
import { messageNotFound } from './notifications.errors.ts'
import * as queries from './notifications.queries.ts'
import { contentOf, invitationOf, methodOf, type Message } from './notifications.rules.ts'
import type { MessageQuery, MessageView } from './notifications.schemas.ts'

type MailSettings = Pick<Config, 'publicUrl' | 'mail'>

export type LedgerDeps = { db: Database; clock: Clock }
export type DeliveryDeps = LedgerDeps & {
  mailer: Mailer
  links: LinkSigner
  /** of the links by which providers decide about requests */
  decisions: LinkSigner
  config: MailSettings
}

/**
 * A message that could not be sent this often, for this long, stays failed until somebody sends it again. Often alone is
 * not enough: a booking that changes again and again has many jobs, which use up the attempts in seconds.
 */
const MOST_ATTEMPTS = 12
const PATIENCE_MS = 8 * 3_600_000

/** A queued message that is this old has lost its job: they are written together, so something was restored or removed. */
const FORGOTTEN_MS = 10 * 60_000

/** The appointment as a calendar file that one adds by hand. */
export function calendarOf(
  { config, clock }: { config: MailSettings; clock: Clock },
  { facts, sequence, manageUrl }: { facts: CalendarFacts; sequence: number; manageUrl: string },
): string {
  const { organization, service, location } = facts
  return toICalendar('PUBLISH', hostOf(config), {
    bookingId: facts.id,
    sequence,
    startMs: facts.startMs,
    endMs: facts.endMs,
    summary: `${service.name}, ${organization.name}`,
    description: manageUrl,
    place: location ? [location.name, location.detail].filter((part) => part !== '').join(', ') : undefined,
    url: manageUrl,
    isCancelled: facts.state === 'cancelled',
    organizer: { name: organization.name, email: config.mail.from },
    attendee: undefined,
    stampMs: clock.nowMs(),
  })
}

type CalendarFacts = {
  id: string
  startMs: number
  endMs: number
  state: string
  organization: { name: string }
  service: { name: string }
  location: { name: string; detail: string } | null
}

/**
 * Sends what is queued of bookings, of each in the order in which it happened, and writes down how it went. Sent at least
 * once: whoever is killed between sending and writing it down sends again, under the same Message-ID.
 * @throws when something is to be tried again later
 */
export async function deliverMessages(
  deps: DeliveryDeps,
  { organizationId, bookingIds }: { organizationId: string; bookingIds: string[] },
): Promise<void> {
  const failures: unknown[] = []
  for (const bookingId of bookingIds) failures.push(...(await deliverOf(deps, organizationId, bookingId)))
  if (failures.length > 0) throw new AggregateError(failures, 'Some messages are to be tried again')
}

/** @returns the errors after which to try again */
async function deliverOf(deps: DeliveryDeps, organizationId: string, bookingId: string): Promise<unknown[]> {
  return withTenant(deps.db, organizationId, async (tx) => {
    const errors: unknown[] = []
    const waiting = new Set<string>()
    for (const row of await queries.lockQueued(tx, organizationId, bookingId)) {
      // Later news must not overtake what this reader has not got yet.
      if (waiting.has(row.recipient)) continue
      const error = await deliver(deps, tx, organizationId, row)
      if (error === undefined) continue
      errors.push(error)
      waiting.add(row.recipient)
    }
    return errors
  })
}

type QueuedRow = Awaited<ReturnType<typeof queries.lockQueued>>[number]

/** @returns the error after which to try again, if there is one */
async function deliver(
  deps: DeliveryDeps,
  tx: TenantTransaction,
  organizationId: string,
  row: QueuedRow,
): Promise<unknown> {
  const attempts = row.attempts + 1
  const record = (outcome: Omit<queries.Outcome, 'attempts'>) =>
    queries.recordOutcome(tx, organizationId, row.id, { ...outcome, attempts })
  try {
    await deps.mailer.send(await mailOf(deps, organizationId, row))
  } catch (error) {
    const isWornOut = attempts >= MOST_ATTEMPTS && deps.clock.nowMs() - row.createdAt.getTime() >= PATIENCE_MS
    const isOver = error instanceof MailRefused || isWornOut
    await record({ state: isOver ? 'failed' : 'queued', lastError: reasonOf(error), sentAt: null })
    return isOver ? undefined : error
  }
  await record({ state: 'sent', lastError: null, sentAt: toDate(deps.clock.nowMs()) })
  return undefined
}

async function mailOf(deps: DeliveryDeps, organizationId: string, row: QueuedRow): Promise<Mail> {
  const { config, links, decisions } = deps
  const facts = parseFacts(row.facts)
  const message: Message = {
    id: row.id,
    kind: parseKind(row.kind),
    audience: row.audience === 'provider' ? 'provider' : 'customer',
    recipient: row.recipient,
    locale: row.locale,
    facts,
  }
  const link = { organizationId, bookingId: facts.bookingId, version: facts.linkVersion }
  const manageUrl = `${config.publicUrl}/booking/${facts.bookingId}?token=${links.sign(link)}`
  const decideUrl = `${config.publicUrl}/decide/${facts.bookingId}?token=${decisions.sign(link)}`
  const content = contentOf(message, { manage: manageUrl, decide: decideUrl })
  const invitation = invitationOf(message, {
    content,
    manageUrl,
    from: config.mail.from,
    stampMs: row.createdAt.getTime(),
  })
  const method = methodOf(message)
  return {
    messageId: `<${row.id}@${hostOf(config)}>`,
    fromName: facts.organization.name,
    to: { name: invitation.attendee?.name ?? '', address: row.recipient },
    subject: content.subject,
    html: await toHtml(content),
    text: toPlainText(content),
    language: content.language,
    ...(method && { invitation: { method, content: toICalendar(method, hostOf(config), invitation) } }),
  }
}

/** A page of the ledger, newest first. */
export async function listMessages({ db }: LedgerDeps, organizationId: string, query: MessageQuery) {
  const { cursor, limit = 50, state, booking } = query
  const [at = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['instant', 'uuid'])
  const after = cursor === undefined ? undefined : { at, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listMessages(tx, organizationId, { state, booking, after, limit: limit + 1 }),
  )
  return toPage(rows, limit, { keyOf: (row) => [toInstantText(row.createdAt.getTime()), row.id], toView })
}

/**
 * Sends a message once more.
 * @throws {AppError} message.not_found
 */
export async function resendMessage(
  { db, clock }: LedgerDeps,
  organizationId: string,
  { id, actor, once }: { id: string; actor: Actor; once: Once | undefined },
): Promise<MessageView> {
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, async () => {
      const row = await queries.findMessage(tx, organizationId, id)
      if (!row?.bookingId) throw messageNotFound()
      await queries.requeue(tx, organizationId, id)
      await queries.queueDelivery(tx, organizationId, [row.bookingId])
      const change = { action: 'message.resent', entity: 'message', entityId: id }
      await appendAudit(tx, organizationId, { atMs: clock.nowMs(), actor, ...change })
      return toView({ ...row, state: 'queued', attempts: 0, lastError: null, sentAt: null })
    }),
  )
}

/**
 * Gives messages that lost their job a new one.
 * @returns how many bookings have such messages
 */
export async function sweepMessages({ db, clock }: LedgerDeps, organizationId: string): Promise<number> {
  return withTenant(db, organizationId, async (tx) => {
    const bookings = await queries.listForgotten(tx, organizationId, toDate(clock.nowMs() - FORGOTTEN_MS))
    if (bookings.length > 0) await queries.queueDelivery(tx, organizationId, bookings)
    return bookings.length
  })
}

function toView({ createdAt, sentAt, audience, state, ...row }: queries.MessageRow): MessageView {
  return {
    ...row,
    channel: 'email',
    audience: audience === 'provider' ? 'provider' : 'customer',
    state: state === 'sent' || state === 'failed' ? state : 'queued',
    createdAt: toInstantText(createdAt.getTime()),
    sentAt: sentAt && toInstantText(sentAt.getTime()),
  }
}

const REASON_LENGTH = 1000

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, REASON_LENGTH)
}

function hostOf({ publicUrl }: Pick<Config, 'publicUrl'>): string {
  return new URL(publicUrl).hostname
}
