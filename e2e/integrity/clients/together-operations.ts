import {
  changeOf,
  linkPath,
  localTime,
  memberPath,
  pathOf,
  someStart,
  toText,
  type Ask,
  type Operation,
} from './ask.ts'
import { OPEN, type Business } from './business.ts'
import { someService } from './customer-operations.ts'
import { keep, learnBooking, MOST, pick, type Client, type KnownBooking } from './memory.ts'

/** What is booked and changed several at a time: series, visits, and the people of a party. */
export const TOGETHER_OPERATIONS: Operation[] = [
  { kind: 'book series', weight: 4, ask: bookSeries },
  { kind: 'book visit', weight: 4, ask: bookVisit },
  { kind: 'cancel together', weight: 2, ask: cancelBundle },
  { kind: 'move together', weight: 2, ask: moveBundle },
  { kind: 'change seats', weight: 4, ask: changeSeats },
  { kind: 'change seats by link', weight: 2, ask: changeSeatsByLink },
  { kind: 'split', weight: 2, ask: split },
  { kind: 'split by link', weight: 1, ask: splitByLink },
]

const CREATED = ['booking.created', 'booking.requested']

/** The same time on two or three of the days that everybody wants; all of them, those that are free, or near ones. */
function bookSeries(client: Client): Ask | undefined {
  const { random } = client
  const { business, service } = someService(client)
  const total = 2 + Math.floor(random() * (business.dates.length - 1))
  const onConflict = pick(random, ['refuse', 'skip', 'nearest']) ?? 'refuse'
  const time = localTime(OPEN.fromMin + Math.floor(random() * 7) * service.stepMin)
  const { tag, customer } = somebodyNew(client)
  const body = {
    ...{ start: `${business.dates[0] ?? ''}T${time}`, rule: `FREQ=DAILY;COUNT=${total}`, onConflict },
    customer,
  }
  return {
    ...{ business, asMember: true, key: 'new' },
    request: { method: 'POST', path: `${pathOf(business)}/services/${service.slug}/series/bookings`, body },
    effect: together(tag, total, onConflict === 'skip'),
    learn: ({ outcome, told }) => {
      if (outcome === 'done') learnBundle(client, business, told)
    },
  }
}

function bookVisit(client: Client): Ask | undefined {
  const { business, service } = someService(client)
  const other = pick(client.random, business.services)
  if (!other || other === service || service.capacity > 1 || other.capacity > 1) return undefined
  const { tag, customer } = somebodyNew(client)
  const body = {
    items: [{ service: service.slug }, { service: other.slug }],
    ...{ start: toText(someStart(client, business, service)), gapMin: 60, customer },
  }
  return {
    ...{ business, asMember: false, key: 'new' },
    request: { method: 'POST', path: `${pathOf(business)}/visits`, body },
    effect: together(tag, 2, false),
    learn: ({ outcome, told }) => {
      if (outcome !== 'done') return
      learnBundle(client, business, told)
      const [first] = told.bookings ?? []
      if (first?.id === undefined || told.token === undefined) return
      const known = { business, service, id: first.id, token: told.token, startMs: Date.parse(first.start ?? '') }
      learnBooking(client, { ...known, isPending: first.state === 'pending' })
    },
  }
}

function somebodyNew(client: Client) {
  const tag = `#${client.number}-${client.asked++}`
  return { tag, customer: { name: `Client ${tag}`, email: `client${client.number}@example.com` } }
}

function together(tag: string, total: number, mayLeave: boolean): Ask['effect'] {
  return { kind: 'together', tag, total, mayLeave, change: changeOf('booking', undefined, CREATED) }
}

type ToldBundle = { id?: string; bookings?: { id?: string; start?: string }[] }

function learnBundle({ memory }: Client, business: Business, { id, bookings = [] }: ToldBundle): void {
  if (id === undefined) return
  const bookingIds = bookings.flatMap((booking) => booking.id ?? [])
  keep(memory.bundles, { business, id, bookingIds, startMs: Date.parse(bookings[0]?.start ?? '') }, MOST.bundles)
}

function cancelBundle(client: Client): Ask | undefined {
  return changeBundle(client, 'cancel', () => ({ reason: 'closed' }))
}

function moveBundle(client: Client): Ask | undefined {
  return changeBundle(client, 'move', (business) => ({ start: toText(someStart(client, business, PLAIN)) }))
}

const PLAIN = { lengthMin: 30, stepMin: 30 }

function changeBundle(
  { random, memory }: Client,
  verb: 'cancel' | 'move',
  bodyOf: (business: Business) => object,
): Ask | undefined {
  const bundle = pick(random, memory.bundles)
  if (!bundle) return undefined
  const { business, id, bookingIds } = bundle
  const body = {
    from: pick(random, bookingIds),
    scope: random() < 0.5 ? 'following' : 'all',
    ...bodyOf(business),
  }
  return {
    ...{ business, asMember: true, key: 'new' },
    request: { method: 'POST', path: `${pathOf(business)}/bundles/${id}/${verb}`, body },
    effect: { kind: 'bundle', bookingIds, action: verb === 'cancel' ? 'booking.cancelled' : 'booking.moved' },
    learn: ({ outcome, code }) => {
      const isOver = code === 'booking.not_active' || (outcome === 'done' && verb === 'cancel')
      const index = memory.bundles.indexOf(bundle)
      if (isOver && index >= 0) memory.bundles.splice(index, 1)
    },
  }
}

function someParty({ random, memory }: Client): KnownBooking | undefined {
  return pick(
    random,
    memory.bookings.filter(({ service }) => service.capacity > 1),
  )
}

function changeSeats(client: Client): Ask | undefined {
  const booking = someParty(client)
  return booking && seatsAsk(client, booking, memberPath(booking), true)
}

function changeSeatsByLink(client: Client): Ask | undefined {
  const booking = someParty(client)
  return booking && seatsAsk(client, booking, linkPath(booking), false)
}

function seatsAsk({ random }: Client, booking: KnownBooking, path: string, asMember: boolean): Ask {
  const seats = 1 + Math.floor(random() * 4)
  const change = changeOf('booking', booking.id, ['booking.seats_changed'], { to: seats })
  return {
    ...{ business: booking.business, asMember, key: 'new' },
    request: { method: 'POST', path: below(path, 'seats'), body: { seats } },
    effect: { kind: 'change', change, mayRest: true },
  }
}

function split(client: Client): Ask | undefined {
  const booking = someParty(client)
  return booking && splitAsk(client, booking, memberPath(booking), true)
}

function splitByLink(client: Client): Ask | undefined {
  const booking = someParty(client)
  return booking && splitAsk(client, booking, linkPath(booking), false)
}

function splitAsk(client: Client, booking: KnownBooking, path: string, asMember: boolean): Ask {
  const { business, service, id } = booking
  const startMs = someStart(client, business, service)
  return {
    ...{ business, asMember, key: 'new' },
    request: { method: 'POST', path: below(path, 'split'), body: { seats: 1, start: toText(startMs) } },
    effect: { kind: 'split', bookingId: id },
    learn: ({ outcome, told }) => {
      if (outcome !== 'done' || told.id === undefined || told.token === undefined) return
      learnBooking(client, { business, service, id: told.id, token: told.token, startMs, isPending: false })
    },
  }
}

/** What lies below a booking's address, which may carry the token of its link. */
function below(path: string, part: string): string {
  const [address = '', token] = path.split('?')
  return `${address}/${part}${token === undefined ? '' : `?${token}`}`
}
