/** How many digits of the currency stand behind the decimal separator. */
export function fractionDigits(currency: string): number {
  const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return options.maximumFractionDigits ?? 0
}

/** Writes an amount for a number input: `1999` in EUR is `19.99`. */
export function majorText(minor: number, currency: string): string {
  const digits = fractionDigits(currency)
  return (minor / 10 ** digits).toFixed(digits)
}

/** Reads an amount in major units, with a point or a comma; NaN when it has more digits than the currency, or is none. */
export function minorOf(text: string, currency: string): number {
  const digits = fractionDigits(currency)
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim())
  const [, whole = '', fraction = ''] = match ?? []
  if (!match || fraction.length > digits) return Number.NaN
  return Number(whole + fraction.padEnd(digits, '0'))
}

/** Writes an amount for people, in their language. */
export function moneyText(minor: number, currency: string, locale: string): string {
  const amount = minor / 10 ** fractionDigits(currency)
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount)
}
