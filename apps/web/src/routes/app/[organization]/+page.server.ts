import { listBookings, listProviders, listServices } from '@slotkeeper/client'
import { allItems } from '#lib/office/calls.ts'
import { sessionKey, sessionsOf } from '#lib/office/calendar.ts'
import { dayStartMs, instantOf, isDate } from '#lib/office/days.ts'
import { addDays, localDate } from '#lib/time/dates.ts'
import type { Booking } from '#lib/office/types.ts'
import { dateText, nowMs, timeText } from '#lib/time/calendar.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organization } = await parent()
  const { timeZone } = organization
  const presentMs = nowMs()
  const today = localDate(presentMs, timeZone)
  const asked = url.searchParams.get('date')
  const date = isDate(asked) ? asked : today
  const client = locals.api
  const path = { organization: params.organization }
  const from = instantOf(dayStartMs(date, timeZone))
  const to = instantOf(dayStartMs(addDays(date, 1), timeZone))
  const [bookings, providers, services] = await Promise.all([
    allItems(url, (query) => listBookings({ client, path, query: { from, to, ...query } })),
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listServices({ client, path, query: { hidden: true, ...query } })),
  ])
  const { locale } = locals
  const live = bookings.filter(({ state }) => state !== 'cancelled')
  return {
    date,
    isToday: date === today,
    heading: dateText(date, locale),
    previous: addDays(date, -1),
    next: addDays(date, 1),
    counts: countsOf(bookings),
    incomplete: services.length === 0 || providers.length === 0,
    sessions: sessionsOf(live).map((session) => ({
      key: sessionKey(session),
      start: timeText(session.startMs, timeZone, locale),
      end: timeText(session.endMs, timeZone, locale),
      isOver: session.endMs <= presentMs,
      isNow: session.startMs <= presentMs && presentMs < session.endMs,
      service: session.bookings[0].service,
      provider: session.bookings[0].provider,
      bookings: session.bookings.map(({ id, customer, state, seats }) => ({ id, name: customer.name, state, seats })),
    })),
  }
}

function countsOf(bookings: readonly Booking[]) {
  const live = bookings.filter(({ state }) => state !== 'cancelled')
  return {
    appointments: live.length,
    people: live.reduce((sum, { seats }) => sum + seats, 0),
    providers: new Set(live.map(({ provider }) => provider.id)).size,
    cancelled: bookings.length - live.length,
  }
}
