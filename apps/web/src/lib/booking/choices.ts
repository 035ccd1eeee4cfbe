import { m } from '#lib/paraglide/messages.js'
import { lengthText } from '#lib/time/format.ts'
import { zoneNames } from '#lib/time/calendar.ts'
import type { Ask } from './ask.ts'
import type { Service } from './types.ts'

export type Option = { value: string; label: string; isChosen: boolean }

/** What a visitor can choose before looking at times. A list with one entry is no choice, and left empty. */
type Choices = { providers: Option[]; durations: Option[]; seats: Option[]; zones: Option[] }

/** A list of the form of choices, with its texts. */
export type ChoiceList = { name: string; label: string; options: Option[] }

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

/**
 * The lists to choose from, as a form shows them.
 * @param anyone  what the entry of the list of providers stands for that does not mind who
 */
export function listsOf({ durations, providers, seats, zones }: Partial<Choices>, anyone = ''): ChoiceList[] {
  const isOpen = providers?.every(({ isChosen }) => !isChosen) ?? true
  const whoever = { value: anyone, label: m.public_anyone(), isChosen: isOpen }
  const lists = [
    { name: 'duration', label: m.public_duration(), options: durations ?? [] },
    { name: 'provider', label: m.public_provider(), options: providers?.length ? [whoever, ...providers] : [] },
    { name: 'seats', label: m.public_seats(), options: seats ?? [] },
    { name: 'tz', label: m.public_time_zone(), options: zones ?? [] },
  ]
  return lists.filter(({ options }) => options.length > 0)
}
