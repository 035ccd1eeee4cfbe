import type { Entry } from '../history.ts'
import { changeOf, linkPath, pathOf, someStart, toText, type Ask, type Operation } from './ask.ts'
import type { Business, Service } from './business.ts'
import { forgetBooking, keep, learnBooking, pick, type Client } from './memory.ts'

const OWN_MOST = 20

/** What customers do. */
export const CUSTOMER_OPERATIONS: Operation[] = [
  { kind: 'see free times', weight: 8, ask: seeFreeTimes },
  { kind: 'book', weight: 30, ask: bookFreely },
  { kind: 'hold', weight: 10, ask: hold },
  { kind: 'book with hold', weight: 9, ask: bookWithHold },
  { kind: 'extend hold', weight: 2, ask: extendHold },
  { kind: 'release hold', weight: 2, ask: releaseHold },
  { kind: 'see booking', weight: 6, ask: seeBooking },
  { kind: 'move by link', weight: 8, ask: moveByLink },
  { kind: 'cancel by link', weight: 10, ask: cancelByLink },
  { kind: 'send again', weight: 3, ask: sendAgain },
  { kind: 'reuse key', weight: 2, ask: reuseKey },
]

function seeFreeTimes(client: Client): Ask | undefined {
  const { business, service } = someService(client)
  const days = `from=${business.dates[0] ?? ''}&to=${business.dates.at(-1) ?? ''}`
  const path = `${pathOf(business)}/services/${service.slug}/slots?${days}`
  return { business, request: { method: 'GET', path }, asMember: false, key: 'none', effect: { kind: 'none' } }
}

function bookFreely(client: Client): Ask | undefined {
  const { business, service } = someService(client)
  const provider = client.random() < 0.3 ? pick(client.random, service.providers) : undefined
  return bookOf(client, business, service, { startMs: someStart(client, business, service), provider })
}

type Wish = {
  startMs: number
  provider?: string | undefined
  holdId?: string
  seats?: number
  isOverride?: boolean
  /** by default one of the client's own */
  email?: string
}

/** A booking under a name that is given once, so that it is found whatever became of the answer. */
export function bookOf(client: Client, business: Business, service: Service, wish: Wish): Ask {
  const { startMs, provider, holdId, isOverride = false, email = `client${client.number}@example.com` } = wish
  const seats = wish.seats ?? seatsOf(client, service)
  const tag = `#${client.number}-${client.asked++}`
  const body = {
    ...{ service: service.slug, start: toText(startMs), provider, hold: holdId },
    ...(service.capacity > 1 && { seats }),
    ...(isOverride && { override: true }),
    customer: { name: `Client ${tag}`, email },
  }
  const actions = isOverride ? ['booking.created_by_override'] : ['booking.created', 'booking.requested']
  const request = { method: 'POST', path: `${pathOf(business)}/bookings`, body } as const
  return {
    ...{ business, request, asMember: isOverride, key: 'new' },
    effect: {
      ...{ kind: 'book', tag, service: service.slug, startMs, seats, holdId },
      change: changeOf('booking', undefined, actions),
    },
    learn: ({ outcome, told, key }) => {
      if (outcome !== 'done' || told.id === undefined || told.token === undefined || key === undefined) return
      const isPending = told.state === 'pending'
      learnBooking(client, { business, service, id: told.id, token: told.token, startMs, isPending })
      keep(client.fulfilled, { business, key, request, answerId: told.id, asMember: isOverride }, OWN_MOST)
    },
  }
}

function hold(client: Client): Ask | undefined {
  const { business, service } = someService(client)
  const startMs = someStart(client, business, service)
  const seats = seatsOf(client, service)
  const body = { service: service.slug, start: toText(startMs), ...(service.capacity > 1 && { seats }) }
  const request = { method: 'POST', path: `${pathOf(business)}/holds`, body } as const
  return {
    ...{ business, request, asMember: false, key: 'new', effect: { kind: 'hold' } },
    learn: ({ outcome, told: { id }, key }) => {
      if (outcome !== 'done' || id === undefined || key === undefined) return
      keep(client.holds, { business, service, id, startMs, seats }, OWN_MOST)
      keep(client.fulfilled, { business, key, request, answerId: id, asMember: false }, OWN_MOST)
    },
  }
}

function bookWithHold(client: Client): Ask | undefined {
  const held = client.holds.shift()
  if (!held) return undefined
  const { business, service, id, startMs, seats } = held
  return bookOf(client, business, service, { startMs, seats, holdId: id })
}

function extendHold(client: Client): Ask | undefined {
  const held = pick(client.random, client.holds)
  if (!held) return undefined
  const path = `${pathOf(held.business)}/holds/${held.id}/extend`
  const effect = { kind: 'extend', holdId: held.id } as const
  return { business: held.business, request: { method: 'POST', path }, asMember: false, key: 'new', effect }
}

function releaseHold(client: Client): Ask | undefined {
  const held = client.holds.shift()
  if (!held) return undefined
  const path = `${pathOf(held.business)}/holds/${held.id}`
  const effect = { kind: 'release', holdId: held.id } as const
  return { business: held.business, request: { method: 'DELETE', path }, asMember: false, key: 'none', effect }
}

function seeBooking(client: Client): Ask | undefined {
  const booking = pick(client.random, client.memory.bookings)
  if (!booking) return undefined
  const effect = { kind: 'read', bookingId: booking.id } as const
  return {
    business: booking.business,
    request: { method: 'GET', path: linkPath(booking) },
    asMember: false,
    key: 'none',
    effect,
  }
}

/** Mostly one's own; sometimes another's, so that people fight over a booking, too. */
function someBooking(client: Client) {
  return pick(client.random, client.random() < 0.7 ? client.bookings : client.memory.bookings)
}

function moveByLink(client: Client): Ask | undefined {
  const booking = someBooking(client)
  if (!booking) return undefined
  const { business, service, id } = booking
  const startMs = someStart(client, business, service)
  const detail = { to: toText(startMs) }
  return {
    ...{ business, asMember: false, key: 'none' },
    request: { method: 'PATCH', path: linkPath(booking), body: { start: toText(startMs) } },
    effect: { kind: 'change', change: changeOf('booking', id, ['booking.moved'], detail) },
  }
}

function cancelByLink(client: Client): Ask | undefined {
  const booking = someBooking(client)
  if (!booking) return undefined
  return {
    ...{ business: booking.business, asMember: false, key: 'none' },
    request: { method: 'DELETE', path: linkPath(booking) },
    effect: { kind: 'change', change: changeOf('booking', booking.id, ['booking.cancelled']) },
    learn: (entry) => forgetIfOver(client, booking.id, entry),
  }
}

/** Cancelled now, or by somebody else before. */
export function forgetIfOver(client: Client, id: string, { outcome, code }: Entry): void {
  if (outcome === 'done' || code === 'booking.not_active') forgetBooking(client, id)
}

function sendAgain(client: Client): Ask | undefined {
  const fulfilled = pick(client.random, client.fulfilled)
  if (!fulfilled) return undefined
  const { business, key, request, answerId, asMember } = fulfilled
  return { business, request, asMember, key: { text: key }, effect: { kind: 'repeat', answerId } }
}

function reuseKey(client: Client): Ask | undefined {
  const fulfilled = pick(client.random, client.fulfilled)
  if (!fulfilled) return undefined
  const { business, key, request, asMember } = fulfilled
  const body = { ...request.body, start: toText(someStart(client, business, business.services[0] ?? noService())) }
  const isSame = JSON.stringify(body) === JSON.stringify(request.body)
  if (isSame) return undefined
  return { business, request: { ...request, body }, asMember, key: { text: key }, effect: { kind: 'reuse' } }
}

export function someService({ random, businesses }: Client): { business: Business; service: Service } {
  const business = pick(random, businesses) ?? noService()
  return { business, service: pick(random, business.services) ?? noService() }
}

function seatsOf({ random }: Client, { capacity }: Service): number {
  return capacity === 1 ? 1 : 1 + Math.floor(random() * Math.min(capacity, 3))
}

function noService(): never {
  throw new Error('there is no business with a service')
}
