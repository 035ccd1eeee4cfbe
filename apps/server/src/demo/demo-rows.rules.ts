import { toDate } from '../shared/clock.ts'
import { DEMO_CUSTOMERS, DEMO_ORGANIZATION, DEMO_SERVICES, type ProviderKey, type ServiceKey } from './demo-business.ts'
import type { PlannedBooking } from './demo-plan.rules.ts'
import type { NewBooking, NewClaim, NewCustomer, NewSeat, NewSession } from './demo-row-types.ts'

/** What the business was given when it was made. */
export type DemoIds = {
  services: Record<ServiceKey, string>
  providers: Record<ProviderKey, string>
  rooms: string
}

export type DemoRows = {
  customers: NewCustomer[]
  bookings: NewBooking[]
  sessions: NewSession[]
  seats: NewSeat[]
  claims: NewClaim[]
}

/** The plan as rows: what is not cancelled claims its provider and its room, or seats of a class. */
export function toRows(plan: PlannedBooking[], ids: DemoIds, newId: () => string): DemoRows {
  const customers = DEMO_CUSTOMERS.map(([name, locale, timeZone], index) => {
    return { id: newId(), name, email: `customer${index + 1}@example.com`, locale, timeZone }
  })
  const rows: DemoRows = { customers, bookings: [], sessions: [], seats: [], claims: [] }
  const classes = new Map<number, { sessionId: string; taken: number }>()
  for (const planned of plan) {
    const booking = toBooking(planned, ids, { id: newId(), customer: customerOf(customers, planned.customer) })
    rows.bookings.push(booking)
    if (planned.state === 'cancelled') continue
    if (capacityOf(planned.service) === 1) {
      rows.claims.push(...toClaims(planned, ids, { bookingId: booking.id, sessionId: null, newId }))
      continue
    }
    const attended = classes.get(planned.startMs) ?? openClass(rows, planned, { ids, newId })
    classes.set(planned.startMs, attended)
    for (let seat = 0; seat < planned.seats; seat++) {
      attended.taken++
      rows.seats.push({ sessionId: attended.sessionId, number: attended.taken, bookingId: booking.id })
    }
  }
  return rows
}

function customerOf(customers: NewCustomer[], index: number): NewCustomer {
  const customer = customers[index]
  if (!customer) throw new RangeError(`no customer ${index}`)
  return customer
}

function capacityOf(service: ServiceKey): number {
  return DEMO_SERVICES[service].capacity ?? 1
}

function toBooking(
  planned: PlannedBooking,
  ids: DemoIds,
  { id, customer }: { id: string; customer: NewCustomer },
): NewBooking {
  const { service, provider, startMs, endMs, state, seats, createdMs } = planned
  const { priceMinor = 0 } = DEMO_SERVICES[service]
  const isCancelled = state === 'cancelled'
  return {
    id,
    serviceId: ids.services[service],
    providerId: ids.providers[provider],
    customerId: customer.id,
    customerName: customer.name,
    state,
    startsAt: toDate(startMs),
    endsAt: toDate(endMs),
    timeZone: customer.timeZone,
    locale: customer.locale,
    seats,
    priceMinor: priceMinor * seats,
    currency: DEMO_ORGANIZATION.currency,
    answers: service === 'consultation' ? { first_visit: planned.customer % 3 === 0 ? 'Yes' : 'No' } : {},
    source: planned.customer % 4 === 0 ? 'member' : 'public',
    createdAt: toDate(createdMs),
    cancelledAt: isCancelled ? toDate(createdMs + (startMs > createdMs ? 3_600_000 : 0)) : null,
    cancelledBy: isCancelled ? 'customer' : null,
  }
}

type ClaimOwner = { bookingId: string | null; sessionId: string | null; newId: () => string }

function toClaims(
  { provider, roomUnit, claim, startMs, endMs }: PlannedBooking,
  ids: DemoIds,
  owner: ClaimOwner,
): NewClaim[] {
  const { newId, ...rest } = owner
  const buffers = { beforeMin: (startMs - claim.startMs) / 60_000, afterMin: (claim.endMs - endMs) / 60_000 }
  const during = { ...rest, ...buffers, from: toDate(claim.startMs), to: toDate(claim.endMs) }
  const own = { ...during, id: newId(), subjectId: ids.providers[provider], unit: 1 }
  return roomUnit === undefined ? [own] : [own, { ...during, id: newId(), subjectId: ids.rooms, unit: roomUnit }]
}

function openClass(rows: DemoRows, planned: PlannedBooking, { ids, newId }: { ids: DemoIds; newId: () => string }) {
  const sessionId = newId()
  rows.sessions.push({
    id: sessionId,
    serviceId: ids.services[planned.service],
    providerId: ids.providers[planned.provider],
    startsAt: toDate(planned.startMs),
    endsAt: toDate(planned.endMs),
    capacity: capacityOf(planned.service),
  })
  rows.claims.push(...toClaims(planned, ids, { bookingId: null, sessionId, newId }))
  return { sessionId, taken: 0 }
}
