import { moneyText } from '#lib/money.ts'
import { m } from '#lib/paraglide/messages.js'
import { lengthText } from '#lib/time/format.ts'
import type { Service } from './types.ts'

/** What a visitor wants to know of a service before choosing it, a short line each. */
export function factsOf(service: Service, locale: string): string[] {
  const lengths = service.durationsMin.map((minutes) => lengthText(minutes, locale))
  const facts = [new Intl.ListFormat(locale, { type: 'disjunction' }).format(lengths)]
  facts.push(service.priceMinor === 0 ? m.public_free() : moneyText(service.priceMinor, service.currency, locale))
  if (service.capacity > 1) facts.push(m.public_group({ count: service.capacity }))
  facts.push(new Intl.ListFormat(locale, { type: 'disjunction' }).format(service.providers.map(({ name }) => name)))
  if (service.location) facts.push(placeText(service.location))
  return facts
}

/** Where a service takes place, in one line. */
export function placeText(location: { kind: string; name: string; detail: string }): string {
  if (location.kind === 'phone') return m.public_by_phone()
  if (location.kind === 'video') return m.public_by_video()
  return location.name
}
