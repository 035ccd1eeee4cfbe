import type { GetBookingResponses } from '@slotkeeper/client'
import { moneyText } from '#lib/money.ts'
import { fullDayText, timeRangeText, zoneText } from '#lib/time/format.ts'
import { placeText } from './facts.ts'

/** What the summary of a booking shows, in its time zone. */
export function factsOf(booking: GetBookingResponses[200], locale: string) {
  const { timeZone, start, end, location, priceMinor, currency } = booking
  return {
    day: fullDayText(start, timeZone, locale),
    time: timeRangeText({ start, end }, timeZone, locale),
    zone: zoneText(timeZone, start, locale),
    where: location && placeText(location),
    whereDetail: location?.detail,
    price: priceMinor === 0 ? undefined : moneyText(priceMinor, currency, locale),
  }
}
