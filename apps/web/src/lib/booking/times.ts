import { m } from '#lib/paraglide/messages.js'
import { addDays, addMonths, monthOf, monthRange, weeksOf } from '#lib/time/dates.ts'
import { dayNumber, dayText, monthText, timeText, weekdayTexts, zoneText } from '#lib/time/format.ts'
import type { Service, Slot, Slots } from './types.ts'

/** What of the calendar is looked at: a month, and a day of it when one was picked. */
export type Look = { month: string; date: string | undefined; today: string }

export type DayCell = {
  date: string
  number: string
  label: string
  href?: string
  isChosen: boolean
  isToday: boolean
}
export type DayTimes = {
  date: string
  label: string
  times: { key: string; text: string; href: string; note?: string }[]
}

/** Free times by days; their texts are made on the server, so that browsers get one language. */
export type FreeDays = {
  zone: string
  days: DayTimes[]
  /** that the day that was picked has no free time */
  emptyDay?: string
  /** where the next free time is, when none is shown */
  nextFree?: { text: string; href: string }
}

/** Everything that the page of free times shows. */
export type TimesView = FreeDays & {
  month: {
    label: string
    weekdays: { short: string; long: string }[]
    weeks: (DayCell | undefined)[][]
    previous?: string
    next?: string
  }
}

/** Addresses that the page leads to. */
export type TimesLinks = {
  slot: (slot: Slot) => string
  day: (date: string) => string
  month: (month: string) => string
}

type BookingWindow = Pick<Service, 'windowKind' | 'windowDays' | 'windowTo'>

const DAYS_OF_WEEK = 7
const BUSINESS_DAYS_OF_WEEK = 5
const DAYS_FOR_HOLIDAYS = 14

const DAYS_SHOWN = 3
/** Days after the month that are read too, so that its last days lead on. */
const DAYS_AFTER = 14

/** The local dates whose slots the page needs: the month, from today on, and some days more. */
export function datesOf({ month, today }: Look): { from: string; to: string } {
  const { first, last } = monthRange(month)
  return { from: first < today ? today : first, to: addDays(last, DAYS_AFTER) }
}

/** The last local date that may have free times; of business days, no earlier than that. */
export function lastDateOf({ windowKind, windowDays, windowTo }: BookingWindow, today: string): string {
  if (windowKind === 'range') return windowTo ?? today
  if (windowKind === 'days') return addDays(today, windowDays)
  return addDays(today, Math.ceil((windowDays * DAYS_OF_WEEK) / BUSINESS_DAYS_OF_WEEK) + DAYS_FOR_HOLIDAYS)
}

/** Lays out slots as a month and the first days with free times. Times are in the zone that the slots were asked in. */
export function viewTimes(
  slots: Slots,
  look: Look,
  { links, locale, lastDate }: { links: TimesLinks; locale: string; lastDate: string },
): TimesView {
  const { timeZone } = slots
  const free = slots.days.filter((day) => day.slots.length > 0)
  const from = look.date ?? look.today
  const shown = free.filter(({ date }) => date >= from).slice(0, DAYS_SHOWN)
  const chosen = look.date ?? shown[0]?.date
  const isEmpty = look.date !== undefined && shown[0]?.date !== look.date
  return {
    zone: m.public_times_in({
      zone: zoneText(timeZone, shown[0]?.slots[0]?.start ?? `${from}T12:00:00Z`, locale),
    }),
    month: viewMonth(look, { free: new Set(free.map(({ date }) => date)), chosen, links, locale, lastDate }),
    days: shown.map(({ date, slots: times }) => ({
      date,
      label: dayText(date, locale),
      times: times.map((slot) => ({
        key: slot.start,
        text: timeText(slot.start, timeZone, locale),
        href: links.slot(slot),
        ...(slot.seatsLeft !== undefined && { note: m.public_seats_left({ count: slot.seatsLeft }) }),
      })),
    })),
    ...(isEmpty && { emptyDay: m.public_empty_day({ day: dayText(look.date ?? '', locale) }) }),
  }
}

type MonthParts = {
  free: ReadonlySet<string>
  chosen: string | undefined
  links: TimesLinks
  locale: string
  lastDate: string
}

function viewMonth({ month, today }: Look, parts: MonthParts): TimesView['month'] {
  const { free, chosen, links, locale, lastDate } = parts
  const firstWeekday = new Intl.Locale(locale).getWeekInfo().firstDay
  const later = addMonths(month, 1)
  const cell = (date: string): DayCell => ({
    date,
    number: dayNumber(date, locale),
    label: free.has(date) ? m.public_day_free({ day: dayText(date, locale) }) : dayText(date, locale),
    isChosen: date === chosen,
    isToday: date === today,
    ...(free.has(date) && { href: links.day(date) }),
  })
  return {
    label: monthText(month, locale),
    weekdays: Array.from({ length: 7 }, (_weekday, index) =>
      weekdayTexts(((firstWeekday - 1 + index) % 7) + 1, locale),
    ),
    weeks: weeksOf(month, firstWeekday).map((week) =>
      week.map((date) => (date === undefined ? undefined : cell(date))),
    ),
    ...(month > monthOf(today) && { previous: links.month(addMonths(month, -1)) }),
    ...(later <= monthOf(lastDate) && { next: links.month(later) }),
  }
}
