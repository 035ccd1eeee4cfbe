/** How mails say times and amounts: in the reader's language and zone. */

/** `Monday, March 30, 2026 at 9:30 AM` */
export function momentText(instant: string, timeZone: string, locale: string): string {
  return format({ dateStyle: 'full', timeStyle: 'short' }, timeZone, locale).format(Date.parse(instant))
}

/** `Monday, March 30, 2026, 9:30 – 10:15 AM`, with the name of the zone. */
export function spanText({ start, end }: { start: string; end: string }, timeZone: string, locale: string): string {
  const times = format({ dateStyle: 'full', timeStyle: 'short' }, timeZone, locale)
  return `${times.formatRange(Date.parse(start), Date.parse(end))} (${zoneText(start, timeZone, locale)})`
}

/** `Mon, Mar 30, 9:30 AM` for the subject of a mail. */
export function shortText(instant: string, timeZone: string, locale: string): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' } as const
  return format(parts, timeZone, locale).format(Date.parse(instant))
}

/** `March 3 – 10, 2026` of two calendar dates. */
export function daysText(from: string, until: string, locale: string): string {
  return format({ dateStyle: 'long' }, 'UTC', locale).formatRange(Date.parse(from), Date.parse(until))
}

/** `€45.00` of 4500 minor units of EUR. */
export function moneyText(minor: number, currency: string, locale: string): string {
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return money.format(minor / 10 ** (money.resolvedOptions().maximumFractionDigits ?? 0))
}

function zoneText(instant: string, timeZone: string, locale: string): string {
  const parts = format({ timeZoneName: 'long' }, timeZone, locale).formatToParts(Date.parse(instant))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

function format(options: Intl.DateTimeFormatOptions, timeZone: string, locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone })
}
