import { getBooking } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { withParams } from '#lib/booking/ask.ts'
import { factsOf } from '#lib/booking/booking-facts.ts'
import type { LayoutServerLoad } from './$types'

/** The booking that the address names, for whoever has the token of its link. */
export const load: LayoutServerLoad = async ({ locals, params, url }) => {
  const token = url.searchParams.get('token') ?? ''
  const booking = need(
    await getBooking({ client: locals.api, path: { id: params.id }, query: { token: token === '' ? '-' : token } }),
  )
  const link = (page: string) => withParams(`/booking/${booking.id}${page}`, { token })
  return {
    booking,
    token,
    organization: { ...booking.organization, accent: undefined },
    links: {
      booking: link(''),
      reschedule: link('/reschedule'),
      cancel: link('/cancel'),
      earlier: link('/earlier'),
      seats: link('/seats'),
      calendar: withParams(`/api/v1/bookings/${booking.id}/calendar.ics`, { token }),
    },
    facts: factsOf(booking, locals.locale),
  }
}
