import {
  changeOf,
  localTime,
  memberPath,
  pathOf,
  someOddStart,
  someStart,
  toText,
  type Ask,
  type Operation,
} from './ask.ts'
import { OPEN, weekly, type Business } from './business.ts'
import { bookOf, forgetIfOver, someService } from './customer-operations.ts'
import { forgetBooking, keep, pick, type Client, type KnownBooking } from './memory.ts'

/** What members do. */
export const MEMBER_OPERATIONS: Operation[] = [
  { kind: 'book by override', weight: 2, ask: bookByOverride },
  { kind: 'book the past', weight: 4, ask: bookThePast },
  { kind: 'book today', weight: 2, ask: bookToday },
  { kind: 'read booking', weight: 3, ask: readBooking },
  { kind: 'move', weight: 4, ask: move },
  { kind: 'move by override', weight: 1, ask: moveByOverride },
  { kind: 'cancel', weight: 6, ask: cancel },
  { kind: 'approve', weight: 6, ask: (client) => decide(client, 'approve', 'booking.approved') },
  { kind: 'decline', weight: 2, ask: (client) => decide(client, 'decline', 'booking.declined') },
  {
    kind: 'check in',
    weight: 2,
    ask: (client) => step(client, todaysBooking(client), 'check-in', 'booking.checked_in'),
  },
  { kind: 'complete', weight: 3, ask: (client) => step(client, pastBooking(client), 'complete', 'booking.completed') },
  { kind: 'no show', weight: 3, ask: (client) => step(client, pastBooking(client), 'no-show', 'booking.no_show') },
  { kind: 'reassign', weight: 4, ask: reassign },
  { kind: 'reassign all', weight: 0.3, ask: reassignAll },
  { kind: 'enter time off', weight: 0.5, ask: enterTimeOff },
  { kind: 'take time off back', weight: 0.6, ask: takeTimeOffBack },
  { kind: 'change hours', weight: 0.3, ask: changeHours },
  { kind: 'change service', weight: 0.3, ask: changeService },
]

const MOST_TIME_OFF = 6

function bookByOverride(client: Client): Ask | undefined {
  const { business, service } = someService(client)
  const startMs = someOddStart(client, business, pick(client.random, business.dates) ?? '')
  return bookOf(client, business, service, { startMs, isOverride: true })
}

/** Only what has begun can have been kept or missed. */
function bookThePast(client: Client): Ask | undefined {
  const { business } = someService(client)
  const [service] = business.services
  if (!service) return undefined
  const startMs = someOddStart(client, business, business.pastDate)
  return bookOf(client, business, service, { startMs, isOverride: true })
}

/** Who comes without an appointment, and is there soon. */
function bookToday(client: Client): Ask | undefined {
  const { business } = someService(client)
  const [service] = business.services
  if (!service) return undefined
  const startMs = (Math.floor(Date.now() / FIVE_MIN_MS) + 1 + Math.floor(client.random() * 60)) * FIVE_MIN_MS
  return bookOf(client, business, service, { startMs, isOverride: true })
}

const FIVE_MIN_MS = 300_000

function todaysBooking({ random, memory }: Client): KnownBooking | undefined {
  return pick(
    random,
    memory.bookings.filter(({ startMs }) => Math.abs(startMs - Date.now()) < TODAY_MS),
  )
}

/** Somebody is checked in this long before, at the earliest; with the clock of a process that is wrong. */
const TODAY_MS = 11 * 3_600_000

function someBooking({ random, memory }: Client): KnownBooking | undefined {
  return pick(random, memory.bookings)
}

function pastBooking({ random, memory }: Client): KnownBooking | undefined {
  return pick(
    random,
    memory.bookings.filter(({ startMs }) => startMs < Date.now()),
  )
}

function readBooking(client: Client): Ask | undefined {
  const booking = someBooking(client)
  if (!booking) return undefined
  return {
    ...{ business: booking.business, asMember: true, key: 'none' },
    request: { method: 'GET', path: memberPath(booking) },
    effect: { kind: 'read', bookingId: booking.id },
  }
}

function move(client: Client): Ask | undefined {
  const booking = someBooking(client)
  return booking && moveTo(booking, someStart(client, booking.business, booking.service), false)
}

function moveByOverride(client: Client): Ask | undefined {
  const booking = someBooking(client)
  if (!booking) return undefined
  const date = pick(client.random, booking.business.dates) ?? ''
  return moveTo(booking, someOddStart(client, booking.business, date), true)
}

function moveTo(booking: KnownBooking, startMs: number, override: boolean): Ask {
  const action = override ? 'booking.moved_by_override' : 'booking.moved'
  const body = { start: toText(startMs), ...(override && { override }) }
  return {
    ...{ business: booking.business, asMember: true, key: 'none' },
    request: { method: 'PATCH', path: memberPath(booking), body },
    effect: { kind: 'change', change: changeOf('booking', booking.id, [action], { to: toText(startMs) }) },
  }
}

function cancel(client: Client): Ask | undefined {
  const booking = someBooking(client)
  if (!booking) return undefined
  return {
    ...{ business: booking.business, asMember: true, key: 'none' },
    request: { method: 'DELETE', path: `${memberPath(booking)}?reason=closed` },
    effect: { kind: 'change', change: changeOf('booking', booking.id, ['booking.cancelled']) },
    learn: (entry) => forgetIfOver(client, booking.id, entry),
  }
}

function decide(client: Client, verb: 'approve' | 'decline', action: string): Ask | undefined {
  const { random, memory } = client
  const pending = memory.bookings.filter(({ isPending }) => isPending)
  const booking = pick(random, pending)
  if (!booking) return undefined
  return {
    ...{ business: booking.business, asMember: true, key: 'new' },
    request: { method: 'POST', path: `${memberPath(booking)}/${verb}`, ...(verb === 'decline' && { body: {} }) },
    effect: { kind: 'change', change: changeOf('booking', booking.id, [action]) },
    learn: ({ outcome, code }) => {
      if (outcome === 'done' && verb === 'decline') forgetBooking(client, booking.id)
      if (outcome === 'done' || code === 'booking.not_pending') booking.isPending = false
    },
  }
}

function step(client: Client, booking: KnownBooking | undefined, verb: string, action: string): Ask | undefined {
  if (!booking) return undefined
  return {
    ...{ business: booking.business, asMember: true, key: 'new' },
    request: { method: 'POST', path: `${memberPath(booking)}/${verb}` },
    effect: { kind: 'change', change: changeOf('booking', booking.id, [action]) },
    learn: (entry) => {
      if (entry.code === 'booking.not_active') forgetBooking(client, booking.id)
    },
  }
}

function reassign(client: Client): Ask | undefined {
  const booking = someBooking(client)
  if (!booking) return undefined
  const provider = client.random() < 0.5 ? pick(client.random, booking.service.providers) : undefined
  const detail = provider === undefined ? {} : { to: provider }
  return {
    ...{ business: booking.business, asMember: true, key: 'new' },
    request: { method: 'POST', path: `${memberPath(booking)}/reassign`, body: { provider } },
    effect: { kind: 'change', change: changeOf('booking', booking.id, ['booking.reassigned'], detail) },
  }
}

/** Somebody is ill for a morning. */
function reassignAll(client: Client): Ask | undefined {
  const { business } = someService(client)
  const providerId = pick(client.random, business.providers) ?? ''
  const date = Temporal.PlainDate.from(pick(client.random, business.dates) ?? '')
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(business.timeZone).toInstant().toString()
  return {
    ...{ business, asMember: true, key: 'new' },
    request: {
      method: 'POST',
      path: `${pathOf(business)}/providers/${providerId}/reassign`,
      body: { from: midnight(date), to: midnight(date.add({ days: 1 })) },
    },
    effect: { kind: 'many', providerId, action: 'booking.reassigned' },
  }
}

function enterTimeOff(client: Client): Ask | undefined {
  const { random, memory } = client
  if (memory.timeOff.length >= MOST_TIME_OFF) return undefined
  const { business } = someService(client)
  const subjectId = pick(random, business.providers) ?? ''
  const time = localTime(OPEN.fromMin + Math.floor(random() * 8) * 30)
  const startsAt = `${pick(random, business.dates) ?? ''}T${time}`
  const change = changeOf('time_off', undefined, ['time_off.created'], { startsAt, subjectId })
  return {
    ...{ business, asMember: true, key: 'new' },
    request: {
      method: 'POST',
      path: `${pathOf(business)}/providers/${subjectId}/time-off`,
      body: { startsAt, timeZone: business.timeZone, durationMin: 60 },
    },
    effect: { kind: 'change', change },
    learn: ({ outcome, told: { id } }) => {
      if (outcome === 'done' && id !== undefined) keep(memory.timeOff, { business, id }, MOST_TIME_OFF)
    },
  }
}

function takeTimeOffBack({ memory }: Client): Ask | undefined {
  const timeOff = memory.timeOff.shift()
  if (!timeOff) return undefined
  const { business, id } = timeOff
  return {
    ...{ business, asMember: true, key: 'none' },
    request: { method: 'DELETE', path: `${pathOf(business)}/time-off/${id}` },
    effect: { kind: 'change', change: changeOf('time_off', id, ['time_off.deleted']) },
  }
}

/** The mornings end later, or as they did. */
function changeHours(client: Client): Ask | undefined {
  const { business } = someService(client)
  const hours = weekly(OPEN.toMin + (client.random() < 0.5 ? 60 : 0))
  return configChange(business, 'schedule', business.scheduleId, { weekly: hours })
}

/** What is claimed around an appointment changes for those to come. */
function changeService(client: Client): Ask | undefined {
  const { business } = someService(client)
  const talk = business.services.find(({ slug }) => slug === 'talk')
  const body = {
    bufferAfterMin: client.random() < 0.5 ? 10 : 15,
    description: `Change ${client.number}-${client.asked++}`,
  }
  return talk && configChange(business, 'service', talk.id, body)
}

function configChange(business: Business, entity: 'schedule' | 'service', id: string, body: object): Ask {
  return {
    ...{ business, asMember: true, key: 'none' },
    request: { method: 'PATCH', path: `${pathOf(business)}/${entity}s/${id}`, body },
    effect: { kind: 'change', change: changeOf(entity, id, [`${entity}.updated`], { ...body }) },
  }
}
