import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { onConstraint } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import type { Actor } from '../shared/actor.ts'
import { toInstantText, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { customerNotFound, emailTaken } from './customers.errors.ts'
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

/** @throws {AppError} customer.not_found, customer.email_taken */
export async function updateCustomer(
  { db, clock }: CustomerDeps,
  organizationId: string,
  { id, actor, body }: { id: string; actor: Actor; body: CustomerPatch },
): Promise<CustomerView> {
  return withTenant(db, organizationId, async (tx) => {
    await findCustomer(tx, organizationId, id)
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

async function findCustomer(tx: TenantTransaction, organizationId: string, id: string): Promise<CustomerView> {
  const row = await queries.findCustomer(tx, organizationId, id)
  if (!row) throw customerNotFound()
  return toView(row)
}

function toView({ createdAt, bookingCount, ...row }: queries.CustomerRow): CustomerView {
  return { ...row, bookingCount: bookingCount ?? 0, createdAt: toInstantText(createdAt.getTime()) }
}
