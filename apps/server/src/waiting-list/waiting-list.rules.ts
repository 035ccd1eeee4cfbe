import { toInstantText } from '../shared/clock.ts'
import type { WishDetail, WishState, WishView } from './waiting-list.schemas.ts'

const MINUTE_MS = 60_000

/** An offer is kept for this long. */
const OFFER_MIN = 30

/** It ends so long before the appointment, at the latest: one has to get there. */
const BEFORE_START_MIN = 15

/** Whoever is offered a time has at least so long to read the mail. */
const LEAST_MIN = 10

export const ALL_WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]

/** Dates, weekdays and minutes of the day, as they are in the zone of the service. */
export type Days = { from: string; until: string; weekdays: number[]; fromMin: number; untilMin: number }

/** A wish, with the names of what it is about. */
export type WishFacts = Days & {
  id: string
  state: WishState
  organization: { slug: string; name: string; timeZone: string }
  service: { id: string; slug: string; name: string; colour: string }
  providers: { id: string; name: string }[]
  durationMin: number
  seats: number
  customer: { name: string; email: string }
  customerId: string
  timeZone: string
  /** when the booking begins that is to move */
  earlierThanMs: number | null
  earlierId: string | null
  bookingId: string | null
  createdAtMs: number
}

export type OfferFacts = {
  startMs: number
  endMs: number
  provider: { id: string; name: string }
  offeredAtMs: number
  expiresAtMs: number
  state: 'open' | 'taken' | 'lapsed' | 'declined'
}

/** @param text  HH:MM */
export function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
}

function timeOf(minute: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`
}

/** Whether a start lies where somebody could come. */
export function suits(days: Days, { startMs, offsetMin }: { startMs: number; offsetMin: number }): boolean {
  const local = new Date(startMs + offsetMin * MINUTE_MS)
  const date = local.toISOString().slice(0, 10)
  const weekday = ((local.getUTCDay() + 6) % 7) + 1
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes()
  const isDay = date >= days.from && date <= days.until && days.weekdays.includes(weekday)
  return isDay && minute >= days.fromMin && minute < days.untilMin
}

/** What bounds the time somebody has to decide. */
export type OfferBounds = {
  nowMs: number
  startMs: number
  noticeMin: number
  /** until when a booking that is to move may still be moved */
  movableUntilMs: number | undefined
}

/**
 * Until when an offer is kept.
 * @returns undefined when that would be too soon to decide
 */
export function expiryOf({ nowMs, startMs, noticeMin, movableUntilMs = Infinity }: OfferBounds): number | undefined {
  const beforeMin = Math.max(BEFORE_START_MIN, noticeMin)
  const expiresMs = Math.min(nowMs + OFFER_MIN * MINUTE_MS, startMs - beforeMin * MINUTE_MS, movableUntilMs)
  return expiresMs >= nowMs + LEAST_MIN * MINUTE_MS ? expiresMs : undefined
}

/** Who of those who are wanted is to serve a start: undefined for whoever is free, null when nobody of them can. */
export function providerFor(providerIds: string[], free: { providerIds: string[] }): string | undefined | null {
  if (providerIds.length === 0) return undefined
  return providerIds.find((id) => free.providerIds.includes(id)) ?? null
}

/** The wish as whoever has its link sees it: an offer that has run out is none, though nobody has said so yet. */
export function toWishView(wish: WishFacts, offers: OfferFacts[], nowMs: number): WishView {
  const open = offers.find(({ state, expiresAtMs }) => state === 'open' && nowMs < expiresAtMs)
  const { id, organization, service, providers, from, until, weekdays, fromMin, untilMin, seats } = wish
  return {
    ...{ id, organization, service, providers, from, until, weekdays, seats },
    state: wish.state === 'offered' && !open ? 'waiting' : wish.state,
    fromTime: timeOf(fromMin),
    untilTime: timeOf(untilMin),
    duration: wish.durationMin,
    customer: wish.customer,
    timeZone: wish.timeZone,
    earlierThan: wish.earlierThanMs === null ? null : toInstantText(wish.earlierThanMs),
    offer: open ? toOfferView(open) : null,
    createdAt: toInstantText(wish.createdAtMs),
  }
}

/** The wish as members see it. */
export function toWishDetail(wish: WishFacts, offers: OfferFacts[], nowMs: number): WishDetail {
  const { customerId, earlierId, bookingId } = wish
  return {
    ...toWishView(wish, offers, nowMs),
    ...{ customerId, earlierId, bookingId },
    offers: offers.map((offer) => ({
      ...toOfferView(offer),
      offeredAt: toInstantText(offer.offeredAtMs),
      state: offer.state === 'open' && nowMs >= offer.expiresAtMs ? 'lapsed' : offer.state,
    })),
  }
}

function toOfferView({ startMs, endMs, provider, expiresAtMs }: OfferFacts) {
  return {
    ...{ start: toInstantText(startMs), end: toInstantText(endMs), provider },
    expiresAt: toInstantText(expiresAtMs),
  }
}
