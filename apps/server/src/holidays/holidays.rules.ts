import type { Holiday } from '@slotkeeper/scheduling'

const HOUR_MS = 3_600_000

/** What the library tells about a holiday. */
export type Told = { date: string; start: Date; end: Date; name: string; type: string }

/** Whole days on which a country rests: parts of days, and days that banks or schools alone keep, are none. */
export function publicDays(told: readonly Told[]): Required<Holiday>[] {
  const names = new Map<string, string[]>()
  for (const { date, start, end, name, type } of told) {
    if (type !== 'public' || date.slice(11, 19) !== '00:00:00') continue
    // What begins the evening before says so behind the date, such as -0600.
    const eveHours = Number(/ -(\d{2})\d{2}$/.exec(date)?.[1] ?? 0)
    const hours = (end.getTime() - start.getTime()) / HOUR_MS - eveHours
    // A day has 23 hours when clocks change.
    const days = Math.floor((hours + 1) / 24)
    for (let day = 0; day < days; day++) {
      const on = Temporal.PlainDate.from(date.slice(0, 10)).add({ days: day }).toString()
      names.set(on, [...new Set([...(names.get(on) ?? []), name])])
    }
  }
  return [...names].map(([date, all]) => ({ date, name: all.join(', ') })).sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** The first of the codes that is the one meant, in capitals or not. */
export function codeLike(codes: readonly string[], meant: string): string | undefined {
  return codes.find((code) => code.toUpperCase() === meant.toUpperCase())
}

/** Things with names, in the order of a language. */
export function byName<Item extends { name: string }>(items: Item[], locale: string): Item[] {
  const { compare } = new Intl.Collator(locale)
  return items.toSorted((a, b) => compare(a.name, b.name))
}

/** Whether names can be told and ordered in it. */
export function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
