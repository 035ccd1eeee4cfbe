import { linkPath, pathOf, type Ask, type Operation } from './ask.ts'
import { someService } from './customer-operations.ts'
import { keep, MOST, pick, type Client, type KnownWish } from './memory.ts'

/** What those do who found no time, or want an earlier one. */
export const WAITING_OPERATIONS: Operation[] = [
  { kind: 'wish', weight: 6, ask: wish },
  { kind: 'wish earlier', weight: 3, ask: wishEarlier },
  { kind: 'see wish', weight: 14, ask: seeWish },
  { kind: 'take offer', weight: 8, ask: takeOffer },
  { kind: 'decline offer', weight: 4, ask: (client) => leave(client, 'decline', 'wish.offer_declined') },
  { kind: 'withdraw', weight: 2, ask: (client) => leave(client, 'withdraw', 'wish.withdrawn') },
]

function wish(client: Client): Ask | undefined {
  const { business, service } = someService(client)
  const tag = `#${client.number}-${client.asked++}`
  const body = {
    ...{ service: service.slug, from: business.dates[0], until: business.dates.at(-1) },
    customer: { name: `Client ${tag}`, email: `waits${client.number}@example.com` },
  }
  return {
    ...{ business, asMember: false, key: 'new' },
    request: { method: 'POST', path: `${pathOf(business)}/wishes`, body },
    effect: { kind: 'wish', tag },
    learn: learnWish(client, { business, tag, earlierId: undefined }),
  }
}

function wishEarlier(client: Client): Ask | undefined {
  const booking = pick(client.random, client.memory.bookings)
  if (!booking || booking.startMs < Date.now()) return undefined
  const { business, id } = booking
  const [path = '', token = ''] = linkPath(booking).split('?')
  return {
    ...{ business, asMember: false, key: 'new' },
    request: { method: 'POST', path: `${path}/earlier?${token}`, body: {} },
    effect: { kind: 'wish', tag: undefined },
    learn: learnWish(client, { business, tag: undefined, earlierId: id }),
  }
}

function learnWish(
  { memory }: Client,
  known: Omit<KnownWish, 'id' | 'token' | 'isOffered'>,
): NonNullable<Ask['learn']> {
  return ({ outcome, told: { id, token } }) => {
    if (outcome === 'done' && id !== undefined && token !== undefined)
      keep(memory.wishes, { ...known, id, token, isOffered: false }, MOST.wishes)
  }
}

function seeWish({ random, memory }: Client): Ask | undefined {
  const known = pick(random, memory.wishes)
  if (!known) return undefined
  const { business, id, token } = known
  const path = `/api/v1/wishes/${id}?token=${encodeURIComponent(token)}`
  return {
    ...{ business, asMember: false, key: 'none', effect: { kind: 'none' }, request: { method: 'GET', path } },
    learn: ({ told }) => {
      known.isOffered = told.state === 'offered'
    },
  }
}

/** Mostly what is offered; sometimes what is not, or not any more. */
function someWish({ random, memory }: Client): KnownWish | undefined {
  const offered = memory.wishes.filter(({ isOffered }) => isOffered)
  return pick(random, offered.length > 0 && random() < 0.9 ? offered : memory.wishes)
}

function takeOffer(client: Client): Ask | undefined {
  const { memory } = client
  const known = someWish(client)
  if (!known) return undefined
  const { business, id, tag, earlierId } = known
  return {
    ...{ business, asMember: false, key: 'new' },
    request: { method: 'POST', path: wishPath(known, 'take'), body: {} },
    effect: { kind: 'take', wishId: id, tag, earlierId },
    learn: ({ outcome, code }) => {
      known.isOffered = false
      if (outcome === 'done' || code === 'wish.not_open') forget(memory.wishes, known)
    },
  }
}

function leave(client: Client, verb: 'decline' | 'withdraw', action: string): Ask | undefined {
  const { memory } = client
  const known = someWish(client)
  if (!known) return undefined
  return {
    ...{ business: known.business, asMember: false, key: 'new' },
    request: { method: 'POST', path: wishPath(known, verb) },
    effect: { kind: 'leave', wishId: known.id, action },
    learn: ({ outcome, code }) => {
      known.isOffered = false
      if ((outcome === 'done' && verb === 'withdraw') || code === 'wish.not_open') forget(memory.wishes, known)
    },
  }
}

const wishPath = ({ id, token }: KnownWish, verb: string) =>
  `/api/v1/wishes/${id}/${verb}?token=${encodeURIComponent(token)}`

function forget(wishes: KnownWish[], known: KnownWish): void {
  const index = wishes.indexOf(known)
  if (index >= 0) wishes.splice(index, 1)
}
