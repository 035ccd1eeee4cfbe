import { sql } from 'kysely'
import type { Database, TenantTransaction } from '../db/database.ts'
import type { NewBooking, NewClaim, NewCustomer, NewSeat, NewSession } from './demo-row-types.ts'

/** The public addresses of all businesses, at most some: whether there is any, and which. */
export async function someSlugs({ kysely }: Pick<Database, 'kysely'>, wanted: string): Promise<string[]> {
  const rows = await kysely
    .selectFrom('organizationSlug')
    .select('slug')
    .orderBy((eb) => eb('slug', '=', wanted), 'desc')
    .limit(2)
    .execute()
  return rows.map(({ slug }) => slug)
}

export type NewOrganization = {
  slug: string
  name: string
  description: string
  timeZone: string
  locale: string
  currency: string
  accent: string
}

/** Adds the business with its owner. */
export async function insertBusiness(
  tx: TenantTransaction,
  organizationId: string,
  { slug, ...organization }: NewOrganization,
  owner: { memberId: string; userId: string },
): Promise<void> {
  await tx
    .insertInto('organization')
    .values({ ...organization, id: organizationId })
    .execute()
  await tx.insertInto('organizationSlug').values({ slug, organizationId }).execute()
  await tx
    .insertInto('member')
    .values({ organizationId, id: owner.memberId, userId: owner.userId, role: 'owner' })
    .execute()
}

export async function insertCustomers(
  tx: TenantTransaction,
  organizationId: string,
  customers: NewCustomer[],
): Promise<void> {
  await tx
    .insertInto('customer')
    .values(customers.map((customer) => ({ ...customer, organizationId })))
    .execute()
}

export async function insertBookings(
  tx: TenantTransaction,
  organizationId: string,
  bookings: NewBooking[],
): Promise<void> {
  const rows = bookings.map(({ answers, ...booking }) => ({
    ...booking,
    organizationId,
    answers: JSON.stringify(answers),
  }))
  await tx.insertInto('booking').values(rows).execute()
}

export async function insertSessions(
  tx: TenantTransaction,
  organizationId: string,
  sessions: NewSession[],
): Promise<void> {
  await tx
    .insertInto('groupSession')
    .values(sessions.map((session) => ({ ...session, organizationId })))
    .execute()
}

export async function insertSeats(tx: TenantTransaction, organizationId: string, seats: NewSeat[]): Promise<void> {
  await tx
    .insertInto('seat')
    .values(seats.map((seat) => ({ ...seat, organizationId })))
    .execute()
}

/** Rejects with 23P01 when claims of one subject's unit overlap. */
export async function insertClaims(tx: TenantTransaction, organizationId: string, claims: NewClaim[]): Promise<void> {
  const rows = claims.map(({ from, to, ...claim }) => ({
    ...claim,
    organizationId,
    during: sql<string>`tstzrange(${from}, ${to})`,
  }))
  await tx.insertInto('claim').values(rows).execute()
}
