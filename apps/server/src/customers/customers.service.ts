import { appendAudit } from '../audit/audit.service.ts'
import { eraseFromBookings } from '../bookings/erase.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { onConstraint } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { eraseAnswers, runOnce } from '../idempotency/idempotency.service.ts'
import { eraseMessages } from '../notifications/notifications.service.ts'
import type { Actor } from '../shared/actor.ts'
import { toDate, toInstantText, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import type { Once } from '../shared/once.ts'
import { eraseWishes } from '../waiting-list/erase.service.ts'
import { customerErased, customerNotFound, emailTaken } from './customers.errors.ts'
import * as queries from './customers.queries.ts'
import type { CustomerPatch, CustomerQuery, CustomerView } from './customers.schemas.ts'

export type CustomerDeps = { db: Database; clock: Clock }

/** A page of customers, by name. */
export async function listCustomers(
  { db }: CustomerDeps,
  organizationId: string,
  { q, cursor, limit = 50 }: CustomerQuery,
) {
  const [name = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['text', 'uuid'])
  const after = cursor === undefined ? undefined : { name, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listCustomers(tx, organizationId, { q, after, limit: limit + 1 }),
  )
  return toPage(rows, limit, { keyOf: (row) => [row.name, row.id], toView })
}

/** @throws {AppError} customer.not_found */
export async function getCustomer({ db }: CustomerDeps, organizationId: string, id: string): Promise<CustomerView> {
  return withTenant(db, organizationId, (tx) => findCustomer(tx, organizationId, id))
}

/** The id of the customer with an address, who is added when nobody has it. Until the transaction ends, they are locked. */
export async function ensureCustomer(
  tx: TenantTransaction,
  organizationId: string,
  customer: queries.NewCustomer,
): Promise<string> {
  return queries.ensureCustomer(tx, organizationId, customer)
}

/** @throws {AppError} customer.not_found, customer.email_taken, customer.erased */
export async function updateCustomer(
  { db, clock }: CustomerDeps,
  organizationId: string,
  { id, actor, body }: { id: string; actor: Actor; body: CustomerPatch },
): Promise<CustomerView> {
  return withTenant(db, organizationId, async (tx) => {
    await queries.lockCustomer(tx, organizationId, id)
    if ((await findCustomer(tx, organizationId, id)).erasedAt !== null) throw customerErased()
    const conflict = onConstraint('customer_organization_id_email_key', emailTaken)
    // No number is null, however it is said.
    const fields = body.phone === '' ? { ...body, phone: null } : body
    await queries.updateCustomer(tx, organizationId, id, fields).catch(conflict)
    const change = {
      action: 'customer.updated',
      entity: 'customer',
      entityId: id,
      detail: { fields: Object.keys(body) },
    }
    await appendAudit(tx, organizationId, { atMs: clock.nowMs(), actor, ...change })
    return findCustomer(tx, organizationId, id)
  })
}

/** What stands where a name was: the pages of every language show it as it is. */
const NOBODY = '—'
/** RFC 2606 §2: a name that no mail ever reaches. */
const NOWHERE = 'erased.invalid'

/**
 * Takes everything about a person out of the customer, their bookings and what was said to them. The appointments stay as
 * figures, and the trail as it is: it holds nothing of customers but ids. Doing so again changes nothing.
 * @throws {AppError} customer.not_found, customer.has_bookings
 */
export async function eraseCustomer(
  { db, clock }: CustomerDeps,
  organizationId: string,
  { id, actor, once }: { id: string; actor: Actor; once: Once | undefined },
): Promise<CustomerView> {
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, async () => {
      await queries.lockCustomer(tx, organizationId, id)
      const customer = await findCustomer(tx, organizationId, id)
      if (customer.erasedAt !== null) return customer
      const nowMs = clock.nowMs()
      const bookingIds = await eraseFromBookings(tx, organizationId, { customerId: id, name: NOBODY, nowMs })
      const wishIds = await eraseWishes(tx, organizationId, id)
      const messages = await eraseMessages(tx, organizationId, { bookingIds, wishIds, address: `nobody@${NOWHERE}` })
      await eraseAnswers(tx, organizationId, [id, ...bookingIds, ...wishIds])
      const email = `${id}@${NOWHERE}`
      await queries.eraseCustomer(tx, organizationId, { id, name: NOBODY, email, at: toDate(nowMs) })
      const change = { action: 'customer.erased', entity: 'customer', entityId: id }
      const detail = { bookings: bookingIds.length, messages }
      await appendAudit(tx, organizationId, { atMs: nowMs, actor, ...change, detail })
      return findCustomer(tx, organizationId, id)
    }),
  )
}

async function findCustomer(tx: TenantTransaction, organizationId: string, id: string): Promise<CustomerView> {
  const row = await queries.findCustomer(tx, organizationId, id)
  if (!row) throw customerNotFound()
  return toView(row)
}

function toView({ createdAt, erasedAt, bookingCount, ...row }: queries.CustomerRow): CustomerView {
  return {
    ...row,
    bookingCount: bookingCount ?? 0,
    createdAt: toInstantText(createdAt.getTime()),
    erasedAt: erasedAt && toInstantText(erasedAt.getTime()),
  }
}
