import type { Business } from '../clients/business.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow, ClaimRow } from '../evidence/rows.ts'
import { changesOf, type Transaction } from '../evidence/timeline.ts'
import type { Finding } from './finding.ts'

/**
 * No booking goes over a limit of its service, its customer or its providers, at every moment of the run. Those that
 * members put past the rules may; they count for all others. Counted anew from bookings and claims; holds are left out, as
 * they only make it stricter.
 */
export function findLimitsExceeded({ timeline, businesses }: Pick<Evidence, 'timeline' | 'businesses'>): Finding {
  const limits = limitsOf(businesses)
  const counts = new Map<string, Set<string>>()
  const keysOf = new Map<string, string[]>()
  const violations: string[] = []
  let counted = 0
  for (const transaction of timeline) {
    const free = overridden(transaction)
    const added = new Map<string, number>()
    for (const { id, owner, keys } of countedIn(transaction, limits)) {
      for (const key of keysOf.get(id) ?? []) counts.get(key)?.delete(id)
      for (const { key, most } of keys) {
        const isNew = !keysOf.get(id)?.includes(key)
        counts.set(key, (counts.get(key) ?? new Set()).add(id))
        if (isNew && !free.has(owner)) added.set(key, most)
      }
      keysOf.set(
        id,
        keys.map(({ key }) => key),
      )
    }
    for (const [key, most] of added) {
      counted += 1
      const count = counts.get(key)?.size ?? 0
      if (count > most)
        violations.push(`at ${new Date(transaction.atMs).toISOString()}: ${count} where ${most} are allowed: ${key}`)
    }
  }
  return { counted, what: 'bookings under a limit', violations }
}

type Limits = {
  dateOf: (organizationId: string, instantMs: number) => string
  services: Map<string, { perDay: number | undefined; perCustomerDay: number | undefined }>
  providers: Map<string, number>
}

function limitsOf(businesses: Business[]): Limits {
  const zones = new Map(businesses.map(({ id, timeZone }) => [id, timeZone]))
  const known = new Map<string, string>()
  return {
    services: new Map(businesses.flatMap(({ services }) => services.map(({ id, limits }) => [id, limits]))),
    providers: new Map(
      businesses.flatMap(({ providerLimits }) => providerLimits.map(({ id, perDay }) => [id, perDay])),
    ),
    dateOf: (organizationId, instantMs) => {
      const key = `${organizationId} ${instantMs}`
      const date = known.get(key) ?? dateIn(zones.get(organizationId) ?? 'UTC', instantMs)
      known.set(key, date)
      return date
    },
  }
}

function dateIn(timeZone: string, instantMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

type Counted = { id: string; owner: string; keys: { key: string; most: number }[] }

/** What a transaction changed of that which counts, and under which limits it counts now. */
function countedIn(transaction: Transaction, limits: Limits): Counted[] {
  const bookings = changesOf(transaction, 'booking').map(({ row }) => ({
    ...{ id: row.id, owner: row.id },
    keys: row.state === 'cancelled' ? [] : bookingKeys(row, limits),
  }))
  const claims = changesOf(transaction, 'claim').flatMap(({ op, row }) => {
    const most = limits.providers.get(row.subjectId)
    if (most === undefined || row.bookingId === null) return []
    const keys = op === 'delete' ? [] : [{ key: `${row.subjectId} on ${dateOfClaim(row, limits)}`, most }]
    return [{ id: row.id, owner: row.bookingId, keys }]
  })
  return [...bookings, ...claims]
}

function bookingKeys({ organizationId, serviceId, customerId, startMs }: BookingRow, limits: Limits): Counted['keys'] {
  const limit = limits.services.get(serviceId)
  if (!limit) return []
  const day = `${serviceId} on ${limits.dateOf(organizationId, startMs)}`
  return [
    ...(limit.perDay === undefined ? [] : [{ key: day, most: limit.perDay }]),
    ...(limit.perCustomerDay === undefined ? [] : [{ key: `${day} of ${customerId}`, most: limit.perCustomerDay }]),
  ]
}

function dateOfClaim({ organizationId, startMs, beforeMin }: ClaimRow, { dateOf }: Limits): string {
  return dateOf(organizationId, startMs + beforeMin * 60_000)
}

/** The bookings that a member put there past the rules. */
function overridden(transaction: Transaction): Set<string> {
  const events = changesOf(transaction, 'audit_event').map(({ row }) => row)
  return new Set(events.filter(({ action }) => action.endsWith('_by_override')).map(({ entityId }) => entityId))
}
