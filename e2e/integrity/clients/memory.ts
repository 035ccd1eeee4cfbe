import type { Business, Service } from './business.ts'
import type { Request } from './http.ts'

/** A booking that clients have heard of. What they believe of it may be out of date. */
export type KnownBooking = {
  business: Business
  service: Service
  id: string
  /** of the customer's link */
  token: string
  startMs: number
  isPending: boolean
}

export type KnownHold = { business: Business; service: Service; id: string; startMs: number; seats: number }

/** A request that was fulfilled, to be sent again. */
export type Fulfilled = {
  business: Business
  key: string
  request: Omit<Request, 'headers'>
  answerId: string
  asMember: boolean
}

/** Bookings that were made together. */
export type KnownBundle = { business: Business; id: string; bookingIds: string[]; startMs: number }

export type KnownWish = {
  business: Business
  id: string
  token: string
  tag: string | undefined
  earlierId: string | undefined
  /** whether something was offered when it was looked at */
  isOffered: boolean
}

export type KnownTimeOff = { business: Business; id: string }

/** What all clients together know; the oldest is forgotten. */
export type Memory = {
  bookings: KnownBooking[]
  timeOff: KnownTimeOff[]
  bundles: KnownBundle[]
  wishes: KnownWish[]
}

export type Client = {
  number: number
  random: () => number
  memory: Memory
  businesses: Business[]
  bookings: KnownBooking[]
  holds: KnownHold[]
  fulfilled: Fulfilled[]
  /** counts what it has asked for */
  asked: number
}

export const MOST = { bundles: 60, wishes: 80, bookings: 600, own: 20 }

export function createMemory(): Memory {
  return { bookings: [], timeOff: [], bundles: [], wishes: [] }
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)]
}

export function learnBooking(client: Client, booking: KnownBooking): void {
  keep(client.bookings, booking, MOST.own)
  keep(client.memory.bookings, booking, MOST.bookings)
}

export function forgetBooking(client: Client, id: string): void {
  for (const list of [client.bookings, client.memory.bookings]) {
    const index = list.findIndex((known) => known.id === id)
    if (index >= 0) list.splice(index, 1)
  }
}

export function keep<Item>(list: Item[], item: Item, most: number): void {
  list.push(item)
  if (list.length > most) list.shift()
}
