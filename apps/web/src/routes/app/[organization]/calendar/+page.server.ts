import { listBookings, listProviders, listSchedules } from '@slotkeeper/client'
import { calendarOf, dayColumns, touches, weekColumns } from '#lib/office/calendar.ts'
import { allItems } from '#lib/office/calls.ts'
import { dayStartMs, instantOf, isDate, weekOf } from '#lib/office/days.ts'
import { addDays, localDate } from '#lib/time/dates.ts'
import { m } from '#lib/paraglide/messages.js'
import { dateRangeText, dateText, firstWeekday, nowMs } from '#lib/time/calendar.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organization } = await parent()
  const { timeZone } = organization
  const { locale } = locals
  const today = localDate(nowMs(), timeZone)
  const asked = url.searchParams.get('date')
  const date = isDate(asked) ? asked : today
  const view = url.searchParams.get('view') === 'day' ? 'day' : 'week'
  const dates = view === 'day' ? [date] : weekOf(date, firstWeekday(locale))
  const first = dates[0] ?? date
  const last = dates.at(-1) ?? date
  const chosen = url.searchParams.get('provider') ?? ''

  const client = locals.api
  const path = { organization: params.organization }
  const span = {
    from: instantOf(dayStartMs(first, timeZone)),
    to: instantOf(dayStartMs(addDays(last, 1), timeZone)),
  }
  const [all, providers, schedules] = await Promise.all([
    allItems(url, (query) => listBookings({ client, path, query: { ...span, ...query } })),
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
  ])
  const team = providers.filter(({ id }) => chosen === '' || id === chosen)
  const scheduleIds = new Set(team.filter(({ active }) => active).map(({ scheduleId }) => scheduleId))
  const used = schedules.filter(({ id }) => scheduleIds.has(id))
  const bookings = all.filter(
    ({ state, provider }) => state !== 'cancelled' && (chosen === '' || provider.id === chosen),
  )
  const columns =
    view === 'day'
      ? dayColumns(
          date,
          bookings.filter((booking) => touches(date, booking, timeZone)),
          { providers: team, schedules, timeZone },
        )
      : weekColumns(dates, bookings, { today, schedules: used, locale, timeZone })
  return {
    view,
    date,
    today,
    chosen,
    heading: view === 'day' ? dateText(date, locale) : dateRangeText(first, last, locale),
    previous: addDays(date, view === 'day' ? -1 : -7),
    next: addDays(date, view === 'day' ? 1 : 7),
    providers: providers.filter(({ active }) => active).map(({ id, name }) => ({ id, name })),
    calendar: calendarOf(columns, params.organization, {
      locale,
      timeZone,
      people: (count) => m.office_booked_count({ count }),
    }),
  }
}
