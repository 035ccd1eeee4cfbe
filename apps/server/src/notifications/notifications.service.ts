import { appendAudit } from '../audit/audit.service.ts'
import type { Config } from '../config/config.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce, type Once } from '../idempotency/idempotency.service.ts'
import { messages } from '../observe/metrics.ts'
import type { Actor } from '../shared/actor.ts'
import { toDate, toInstantText, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { LinkSigner } from '../shared/link-token.ts'
import { parseFacts, parseKind } from './facts.ts'
import { toICalendar } from './invitation.rules.ts'
import { toHtml, toPlainText } from './layout.ts'
import { MailRefused, type Mail, type Mailer } from './mailer.ts'
import { messageErased, messageNotFound } from './notifications.errors.ts'
import * as queries from './notifications.queries.ts'
import { contentOf, invitationsOf, methodOf, type Message } from './notifications.rules.ts'
import type { MessageQuery, MessageView } from './notifications.schemas.ts'
import { parseWishFacts, parseWishKind, type WishFacts, type WishMessageKind } from './wish-facts.ts'
import { wishContentOf } from './wish-mails.rules.ts'

type MailSettings = Pick<Config, 'publicUrl' | 'mail'>

export type LedgerDeps = { db: Database; clock: Clock }
export type DeliveryDeps = LedgerDeps & {
  mailer: Mailer
  links: LinkSigner
  /** of the links by which providers decide about requests */
  decisions: LinkSigner
  /** of the links by which customers see their wishes */
  wishLinks: LinkSigner
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
  return toICalendar('PUBLISH', hostOf(config), [
    {
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
    },
  ])
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
 * Sends what is queued of bookings and wishes, of each in the order in which it happened, and writes down how it went. Sent at least
 * once: whoever is killed between sending and writing it down sends again, under the same Message-ID.
 * @throws when something is to be tried again later
 */
export async function deliverMessages(
  deps: DeliveryDeps,
  { organizationId, bookingIds, wishIds = [] }: { organizationId: string; bookingIds: string[]; wishIds?: string[] },
): Promise<void> {
  const failures: unknown[] = []
  const all = [...bookingIds.map((bookingId) => ({ bookingId })), ...wishIds.map((wishId) => ({ wishId }))]
  for (const told of all) failures.push(...(await deliverOf(deps, organizationId, told)))
  if (failures.length > 0) throw new AggregateError(failures, 'Some messages are to be tried again')
}

/** @returns the errors after which to try again */
async function deliverOf(deps: DeliveryDeps, organizationId: string, told: queries.Told): Promise<unknown[]> {
  return withTenant(deps.db, organizationId, async (tx) => {
    const errors: unknown[] = []
    const waiting = new Set<string>()
    for (const row of await queries.lockQueued(tx, organizationId, told)) {
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
  const record = async (outcome: Omit<queries.Outcome, 'attempts'>) => {
    await queries.recordOutcome(tx, organizationId, row.id, { ...outcome, attempts })
    tx.onCommit(() => messages.inc({ kind: row.kind, state: outcome.state }))
  }
  try {
    const isWish = row.kind.startsWith('wish.')
    await deps.mailer.send(await (isWish ? wishMailOf : mailOf)(deps, organizationId, row))
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
  const invitations = invitationsOf(message, {
    content,
    manageUrl,
    from: config.mail.from,
    stampMs: row.createdAt.getTime(),
  })
  const method = methodOf(message)
  return {
    messageId: `<${row.id}@${hostOf(config)}>`,
    fromName: facts.organization.name,
    to: { name: invitations[0]?.attendee?.name ?? '', address: row.recipient },
    subject: content.subject,
    html: await toHtml(content),
    text: toPlainText(content),
    language: content.language,
    ...(method && { invitation: { method, content: toICalendar(method, hostOf(config), invitations) } }),
  }
}

async function wishMailOf({ config, wishLinks }: DeliveryDeps, organizationId: string, row: QueuedRow): Promise<Mail> {
  const facts = parseWishFacts(row.facts)
  const token = wishLinks.sign({ organizationId, bookingId: facts.wishId, version: 1 })
  const url = `${config.publicUrl}/wish/${facts.wishId}?token=${token}`
  const content = wishContentOf({ kind: parseWishKind(row.kind), locale: row.locale, facts }, url)
  return {
    messageId: `<${row.id}@${hostOf(config)}>`,
    fromName: facts.organization.name,
    to: { name: facts.customer.name, address: row.recipient },
    subject: content.subject,
    html: await toHtml(content),
    text: toPlainText(content),
    language: content.language,
  }
}

/** What somebody who waits is to be told. */
export type WishNews = { kind: WishMessageKind; recipient: string; locale: string; facts: WishFacts }

/** Writes down a message about a wish, and has it sent once the transaction is committed. */
export async function tellOfWish(
  tx: TenantTransaction,
  organizationId: string,
  { nowMs, ...news }: WishNews & { nowMs: number },
): Promise<void> {
  const { wishId } = news.facts
  await queries.insertWishMessage(tx, organizationId, { id: newId(nowMs), wishId, ...news, createdAt: toDate(nowMs) })
  await queries.queueDelivery(tx, organizationId, { bookingIds: [], wishIds: [wishId] })
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
 * @throws {AppError} message.not_found, message.erased
 */
export async function resendMessage(
  { db, clock }: LedgerDeps,
  organizationId: string,
  { id, actor, once }: { id: string; actor: Actor; once: Once | undefined },
): Promise<MessageView> {
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, async () => {
      const row = await queries.findMessage(tx, organizationId, id)
      if (!row || (row.bookingId ?? row.wishId) === null) throw messageNotFound()
      if (row.erased) throw messageErased()
      await queries.requeue(tx, organizationId, id)
      const listOf = (one: string | null) => (one === null ? [] : [one])
      const told = { bookingIds: listOf(row.bookingId), wishIds: listOf(row.wishId) }
      await queries.queueDelivery(tx, organizationId, told)
      const change = { action: 'message.resent', entity: 'message', entityId: id }
      await appendAudit(tx, organizationId, { atMs: clock.nowMs(), actor, ...change })
      return toView({ ...row, state: 'queued', attempts: 0, lastError: null, sentAt: null })
    }),
  )
}

/** Empties all messages about bookings and wishes of a customer who is erased, in the transaction that does so. */
export async function eraseMessages(
  tx: TenantTransaction,
  organizationId: string,
  erased: { bookingIds: string[]; wishIds: string[]; address: string },
): Promise<number> {
  return queries.eraseMessages(tx, organizationId, erased)
}

/**
 * Empties messages that were written before a moment: that somebody was told stays, what they were told goes.
 * @returns how many there were
 */
export async function forgetMessages(tx: TenantTransaction, organizationId: string, before: Date): Promise<number> {
  return queries.forgetMessages(tx, organizationId, { before, address: FORGOTTEN })
}

/** RFC 6761 §6.4: a domain that nobody has. */
const FORGOTTEN = 'nobody@forgotten.invalid'

/**
 * Gives messages that lost their job a new one.
 * @returns how many bookings and wishes have such messages
 */
export async function sweepMessages({ db, clock }: LedgerDeps, organizationId: string): Promise<number> {
  return withTenant(db, organizationId, async (tx) => {
    const forgotten = await queries.listForgotten(tx, organizationId, toDate(clock.nowMs() - FORGOTTEN_MS))
    const count = forgotten.bookingIds.length + forgotten.wishIds.length
    if (count > 0) await queries.queueDelivery(tx, organizationId, forgotten)
    return count
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
