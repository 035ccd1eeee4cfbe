import { locales } from '#lib/paraglide/runtime.js'

export type Named = { value: string; label: string }

/** Every currency to choose from, by name, the given one among them. */
export function currencyNames(chosen: string, locale: string): Named[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency' })
  const codes = [...new Set([...Intl.supportedValuesOf('currency'), chosen])]
  return codes.map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }))
}

/** The languages of the product, the given one among them, by the name that the reader knows them by. */
export function localeNames(chosen: string, locale: string): Named[] {
  const names = new Intl.DisplayNames(locale, { type: 'language' })
  return [...new Set<string>([...locales, chosen])].map((value) => ({ value, label: names.of(value) ?? value }))
}
