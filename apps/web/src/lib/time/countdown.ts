/** `4:32`, the minutes and seconds that are left, whole seconds up: it shows nothing left when nothing is. */
export function countdownText(leftMs: number, locale: string): string {
  const seconds = Math.ceil(leftMs / 1000)
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(locale, { minimumIntegerDigits: digits, useGrouping: false }).format(value)
  return `${number(Math.floor(seconds / 60), 1)}:${number(seconds % 60, 2)}`
}
