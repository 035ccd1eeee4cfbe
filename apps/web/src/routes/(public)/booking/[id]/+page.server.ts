import { getBundleByLink, getService, type LinkedBundle } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { stateText } from '#lib/booking/state-text.ts'
import { m } from '#lib/paraglide/messages.js'
import { dayText, timeRangeText } from '#lib/time/format.ts'
import { localDate } from '#lib/time/dates.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent, url }) => {
  const { booking, token } = await parent()
  const path = { organization: booking.organization.slug, service: booking.service.id }
  // Of a service that is no longer offered, no more seats can be had either.
  const service = await getService({ client: locals.api, path })
  const link = { path: { id: booking.id }, query: { token } }
  const { items } = need(await getBundleByLink({ client: locals.api, ...link }))
  const isNew = url.searchParams.has('new')
  const isVisit = isNew && items.length > 1 && items.every((item) => item.booking.state === 'confirmed')
  return {
    title: isVisit ? m.public_visit_booked() : stateText(booking.state),
    together: items.map((item) => viewTogether(item, { id: booking.id, locale: locals.locale })),
    isForGroups: (service.data?.capacity ?? 1) > 1,
    isNew,
    isMoved: url.searchParams.has('moved'),
    isChanged: url.searchParams.has('changed'),
  }
}

/** What was booked together with a booking; each is changed on its own page. */
function viewTogether(
  { booking, manageUrl }: LinkedBundle['items'][number],
  { id, locale }: { id: string; locale: string },
) {
  const { pathname, search } = new URL(manageUrl)
  const { start, timeZone, state, service, provider } = booking
  const day = dayText(localDate(start, timeZone), locale)
  return {
    ...{ name: service.name, colour: service.colour, more: provider.name },
    time: `${day}, ${timeRangeText(booking, timeZone, locale)}`,
    ...(booking.id !== id && { href: pathname + search }),
    ...(state !== 'confirmed' && { note: stateText(state) }),
  }
}
