import { lengthText } from '#lib/time/format.ts'
import { zoneNames } from '#lib/time/calendar.ts'
import type { Ask } from './ask.ts'
import type { Service } from './types.ts'

export type Option = { value: string; label: string; isChosen: boolean }

/** What a visitor can choose before looking at times. A list with one entry is no choice, and left empty. */
export type Choices = { providers: Option[]; durations: Option[]; seats: Option[]; zones: Option[] }

const SEATS_OFFERED = 20

/** The choices of a service, with what was chosen. */
export function choicesOf(service: Service, ask: Ask, locale: string): Choices {
  const options = (values: { value: string; label: string }[], chosen: string) =>
    values.length < 2 ? [] : values.map((entry) => ({ ...entry, isChosen: entry.value === chosen }))
  const number = new Intl.NumberFormat(locale)
  const seats = Array.from({ length: Math.min(service.capacity, SEATS_OFFERED) }, (_seat, index) => index + 1)
  return {
    providers: options(
      service.providers.map(({ id, name }) => ({ value: id, label: name })),
      ask.providerId ?? '',
    ),
    durations: options(
      service.durationsMin.map((minutes) => ({ value: String(minutes), label: lengthText(minutes, locale) })),
      String(ask.durationMin),
    ),
    seats: options(
      seats.map((count) => ({ value: String(count), label: number.format(count) })),
      String(ask.seats),
    ),
    zones: options(
      zoneNames(ask.timeZone).map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
      ask.timeZone,
    ),
  }
}
