import type { Client } from '@slotkeeper/client'
import { m } from '#lib/paraglide/messages.js'
import { nowMs } from '#lib/time/calendar.ts'
import { addDays, isDate, localDate } from '#lib/time/dates.ts'
import { dayText, momentText, timeText, zoneText } from '#lib/time/format.ts'
import { lastDateOf, type DayTimes, type FreeDays } from './times.ts'
import { findVisits, visitParams, visitPath, withPairs, type VisitTime, type VisitWish } from './visit.ts'

/** Some days with times at which a visit fits, and where those around them are. */
export type VisitDays = FreeDays & { previous?: string; next?: string }

const DAYS = 7
const DAYS_SHOWN = 3
/** So many weeks are looked through for the first free time. */
const WEEKS_AHEAD = 8

type Shown = { api: Client; organization: string; wish: VisitWish; date: string; locale: string }

/** The first days with times from a date on, or from the first free time on when there is no such date. */
export async function loadVisitDays({ api, organization, wish, date, locale }: Shown): Promise<VisitDays> {
  const { timeZone } = wish
  const today = localDate(nowMs(), timeZone)
  const last = wish.parts.map(({ service }) => lastDateOf(service, today)).reduce((a, b) => (a < b ? a : b))
  const isAsked = isDate(date) && date >= today && date <= last
  const search = { api, organization, wish, last }
  const from = isAsked ? date : ((await firstFreeDate(search, today)) ?? today)
  const visits = await findVisits(search, wish, weekFrom(from, last))
  const later = visits.length > 0 ? undefined : await firstFreeDate(search, addDays(from, DAYS))
  const link = (day: string) => withPairs(visitPath(organization, wish), [...visitParams(wish), ['date', day]])
  const all = daysOf(visits, { organization, wish, locale })
  const days = all.slice(0, DAYS_SHOWN)
  const shownTo = all.length > DAYS_SHOWN ? days.at(-1)?.date : undefined
  const next = shownTo === undefined ? addDays(from, DAYS) : addDays(shownTo, 1)
  const before = addDays(from, -DAYS)
  return {
    zone: m.public_times_in({ zone: zoneText(timeZone, visits[0]?.start ?? `${from}T12:00:00Z`, locale) }),
    days,
    ...(from > today && { previous: link(before < today ? today : before) }),
    ...(next <= last && { next: link(next) }),
    ...(later !== undefined && {
      nextFree: { text: m.public_next_free({ time: dayText(later, locale) }), href: link(later) },
    }),
  }
}

function weekFrom(from: string, last: string) {
  const to = addDays(from, DAYS - 1)
  return { from, to: to > last ? last : to }
}

type Search = { api: Client; organization: string; wish: VisitWish; last: string }

async function firstFreeDate(search: Search, from: string): Promise<string | undefined> {
  for (let week = 0; week < WEEKS_AHEAD; week++) {
    const first = addDays(from, week * DAYS)
    if (first > search.last) return undefined
    const [visit] = await findVisits(search, search.wish, weekFrom(first, search.last))
    if (visit) return localDate(visit.start, search.wish.timeZone)
  }
  return undefined
}

function daysOf(visits: VisitTime[], { organization, wish, locale }: Pick<Shown, 'organization' | 'wish' | 'locale'>) {
  const { timeZone } = wish
  const form = `${visitPath(organization, wish)}/book`
  const byDate = Map.groupBy(visits, ({ start }) => localDate(start, timeZone))
  return [...byDate].map(([date, ofDay]): DayTimes => ({
    date,
    label: dayText(date, locale),
    times: ofDay.map(({ start, end }) => ({
      key: start,
      text: timeText(start, timeZone, locale),
      note: m.public_visit_until({ time: timeText(end, timeZone, locale) }),
      href: withPairs(form, [...visitParams(wish), ['start', start]]),
    })),
  }))
}

/** The starts nearest to one at which a visit does not fit, as the form offers them. */
export async function nearestVisits(
  { api, organization, wish, locale }: Omit<Shown, 'date'>,
  startMs: number,
): Promise<{ text: string; href: string }[]> {
  const today = localDate(nowMs(), wish.timeZone)
  const date = localDate(startMs, wish.timeZone)
  const from = addDays(date, -3) < today ? today : addDays(date, -3)
  const distance = ({ start }: VisitTime) => Math.abs(Date.parse(start) - startMs)
  const visits = await findVisits({ api, organization }, wish, { from, to: addDays(from, DAYS - 1) })
  const nearest = visits.sort((a, b) => distance(a) - distance(b)).slice(0, 4)
  return nearest
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
    .map(({ start }) => ({
      text: momentText(start, wish.timeZone, locale),
      href: withPairs(`${visitPath(organization, wish)}/book`, [...visitParams(wish), ['start', start]]),
    }))
}
