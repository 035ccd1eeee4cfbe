import type { Database } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { listOrganizationIds } from '../organizations/organizations.service.ts'
import { toDate, type Clock } from '../shared/clock.ts'
import * as queries from './figures.queries.ts'
import type { Figure } from './figures.queries.ts'

export type { Figure }

/** Every figure that is counted, with what its labels may be: one that is nothing is told as 0. */
export const FIGURES = {
  organizations: ['all'],
  bookings_to_come: ['pending', 'confirmed'],
  bookings_of_30_days: ['pending', 'confirmed', 'cancelled', 'completed', 'no_show'],
  wishes_open: ['waiting', 'offered'],
  messages_unsent: ['queued', 'failed'],
} as const

/**
 * Counts over all organizations, one after the other, and keeps the sums for whoever asks for them.
 * @returns how many organizations there are
 */
export async function countFigures({ db, clock }: { db: Database; clock: Clock }): Promise<number> {
  const now = toDate(clock.nowMs())
  const sums = new Map<string, number>()
  for (const [name, labels] of Object.entries(FIGURES)) for (const label of labels) sums.set(`${name} ${label}`, 0)
  const ids = await listOrganizationIds(db)
  sums.set('organizations all', ids.length)
  for (const id of ids) {
    for (const { name, label, value } of await withTenant(db, id, (tx) => queries.countOf(tx, id, now)))
      sums.set(`${name} ${label}`, (sums.get(`${name} ${label}`) ?? 0) + value)
  }
  const figures = [...sums].map(([key, value]) => {
    const [name = '', label = ''] = key.split(' ')
    return { name, label, value }
  })
  await queries.storeFigures(db, figures, now)
  return ids.length
}

/** The figures as they were counted last; none before they were counted for the first time. */
export function listFigures({ db }: { db: Database }) {
  return queries.listFigures(db)
}
