import type { CreateWishData, GetWishResponses } from '@slotkeeper/client'
import { textOf, textsOf } from '#lib/ui/form-data.ts'
import { m } from '#lib/paraglide/messages.js'
import { clockText, dateRangeText, firstWeekday, weekdayText } from '#lib/time/calendar.ts'
import { fullDayText, momentText, timeRangeText, zoneText } from '#lib/time/format.ts'

export type Wish = GetWishResponses[200]
type Days = Pick<CreateWishData['body'], 'weekdays' | 'fromTime' | 'untilTime' | 'providers'>

const WHOLE_WEEK = 7

/** The days of the week to choose from, in the reader's order. */
export function weekdayChoices(locale: string): { value: string; label: string }[] {
  return Array.from({ length: WHOLE_WEEK }, (_, index) => {
    const weekday = ((firstWeekday(locale) - 1 + index) % WHOLE_WEEK) + 1
    return { value: String(weekday), label: weekdayText(weekday, locale) }
  })
}

/** What was chosen of days, times and people. What was left open is not said. */
export function daysOf(form: FormData): Days {
  const weekdays = textsOf(form, 'weekdays').map(Number)
  const [fromTime, untilTime, provider] = ['fromTime', 'untilTime', 'provider'].map((name) => textOf(form, name))
  return {
    ...(weekdays.length > 0 && { weekdays }),
    ...(fromTime && { fromTime }),
    ...(untilTime && { untilTime }),
    ...(provider && { providers: [provider] }),
  }
}

/** What the page of a wish says of it. */
export function wishFacts(wish: Wish, locale: string) {
  const { from, until, weekdays, fromTime, untilTime, providers, seats, earlierThan, timeZone } = wish
  const days = weekdayChoices(locale).filter(({ value }) => weekdays.includes(Number(value)))
  const isAnyTime = fromTime === '00:00' && untilTime === '24:00'
  const between = { from: clockText(fromTime, locale), until: clockText(untilTime, locale) }
  const names = providers.map(({ name }) => name)
  const list = (values: string[], type: 'conjunction' | 'disjunction') =>
    new Intl.ListFormat(locale, { type }).format(values)
  return [
    { label: m.public_what(), value: wish.service.name },
    { label: m.public_wish_booked(), value: earlierThan && momentText(earlierThan, timeZone, locale) },
    {
      label: m.public_wish_days(),
      value: dateRangeText(from, until, locale),
      ...(days.length < WHOLE_WEEK && {
        note: list(
          days.map(({ label }) => label),
          'conjunction',
        ),
      }),
    },
    {
      label: m.public_wish_times(),
      value: isAnyTime ? m.public_wish_any_time() : m.public_wish_between(between),
      note: wish.organization.timeZone.replaceAll('_', ' '),
    },
    { label: m.public_with(), value: names.length === 0 ? m.public_anyone() : list(names, 'disjunction') },
    { label: m.public_seats(), value: seats > 1 ? new Intl.NumberFormat(locale).format(seats) : undefined },
    { label: m.public_for(), value: wish.customer.name },
  ]
}

/** What the page of a wish says of the time that is offered. */
export function offerFacts({ offer, timeZone, service }: Wish, locale: string) {
  if (!offer) return undefined
  return {
    expires: momentText(offer.expiresAt, timeZone, locale),
    rows: [
      { label: m.public_what(), value: service.name },
      {
        label: m.public_when(),
        value: fullDayText(offer.start, timeZone, locale),
        note: `${timeRangeText(offer, timeZone, locale)}, ${zoneText(timeZone, offer.start, locale)}`,
      },
      { label: m.public_with(), value: offer.provider.name },
    ],
  }
}
