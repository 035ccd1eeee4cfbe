import { getBooking } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { withParams } from '#lib/booking/ask.ts'
import { placeText } from '#lib/booking/facts.ts'
import { moneyText } from '#lib/money.ts'
import { fullDayText, timeRangeText, zoneText } from '#lib/time/format.ts'
import type { LayoutServerLoad } from './$types'

/** The booking that the address names, for whoever has the token of its link. */
export const load: LayoutServerLoad = async ({ locals, params, url }) => {
  const token = url.searchParams.get('token') ?? ''
  const booking = need(
    await getBooking({ client: locals.api, path: { id: params.id }, query: { token: token === '' ? '-' : token } }),
  )
  const { timeZone, start, end, location, priceMinor, currency } = booking
  const { locale } = locals
  const link = (page: string) => withParams(`/booking/${booking.id}${page}`, { token })
  return {
    booking,
    token,
    organization: { ...booking.organization, accent: undefined },
    links: {
      booking: link(''),
      reschedule: link('/reschedule'),
      cancel: link('/cancel'),
      calendar: withParams(`/api/v1/bookings/${booking.id}/calendar.ics`, { token }),
    },
    facts: {
      day: fullDayText(start, timeZone, locale),
      time: timeRangeText({ start, end }, timeZone, locale),
      zone: zoneText(timeZone, start, locale),
      where: location && placeText(location),
      whereDetail: location?.detail,
      price: priceMinor === 0 ? undefined : moneyText(priceMinor * booking.seats, currency, locale),
    },
  }
}
