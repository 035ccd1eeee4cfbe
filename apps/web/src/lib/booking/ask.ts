import type { Cookies } from '@sveltejs/kit'
import type { Service } from './types.ts'
import { ZONE_COOKIE } from './zone-cookie.ts'
import { isZone } from '#lib/time/dates.ts'

/** What a visitor wants: kept in the address, so that a link to it shows the same. */
export type Ask = {
  timeZone: string
  /** whether the visitor, or the browser, has said the zone */
  isZoneKnown: boolean
  providerId: string | undefined
  durationMin: number
  seats: number
}

/** Reads what is wanted. What the service does not have is left at its default. */
export function readAsk(url: URL, cookies: Cookies, service: Service, businessZone: string): Ask {
  const read = (name: string) => url.searchParams.get(name) ?? ''
  const zones = [read('tz'), cookies.get(ZONE_COOKIE) ?? ''].filter(isZone)
  const duration = Number(read('duration'))
  const seats = Number(read('seats'))
  return {
    timeZone: zones[0] ?? businessZone,
    isZoneKnown: zones.length > 0,
    providerId: service.providers.find(({ id }) => id === read('provider'))?.id,
    durationMin: service.durationsMin.includes(duration) ? duration : (service.durationsMin[0] ?? 0),
    seats: Number.isInteger(seats) && seats >= 1 && seats <= service.capacity ? seats : 1,
  }
}

/** The parameters of an address that asks for the same, without those that are the default. */
export function askParams(ask: Ask, service: Service): Record<string, string> {
  return {
    ...(ask.isZoneKnown && { tz: ask.timeZone }),
    ...(ask.providerId !== undefined && { provider: ask.providerId }),
    ...(ask.durationMin !== service.durationsMin[0] && { duration: String(ask.durationMin) }),
    ...(ask.seats > 1 && { seats: String(ask.seats) }),
  }
}

/** An address with parameters. */
export function withParams(path: string, params: Record<string, string>): string {
  const search = new URLSearchParams(params).toString()
  return search === '' ? path : `${path}?${search}`
}

/** The address of a page's action, with parameters that the page is then shown with. */
export function actionOf(path: string, action: string, params: Record<string, string>): string {
  return `${path}?/${action}&${new URLSearchParams(params).toString()}`
}
