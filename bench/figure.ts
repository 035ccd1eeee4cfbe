/** One measured number, and what was measured beside it in the same run. */
export type Figure = {
  /** stable, such as slots.month.rps */
  name: string
  value: number
  unit: string
  /** what was measured beside it, in words and as a number of the same unit */
  reference: string
  referenceValue: number
  /** value over reference */
  ratio: number
  /** what is asked of it, such as "ratio >= 0.33" */
  target: string
  reached: boolean
}

type Measured = Omit<Figure, 'ratio' | 'reached'> & { reached: (ratio: number) => boolean }

export function figure({ reached, ...measured }: Measured): Figure {
  const ratio = measured.value / measured.referenceValue
  return { ...measured, ratio, reached: reached(ratio) }
}

/** As one line of JSON, for machines. */
export function toJsonLine({ name, value, unit, referenceValue, ratio }: Figure): string {
  const rounded = (number: number) => Number(number.toPrecision(4))
  return JSON.stringify({
    name,
    value: rounded(value),
    unit,
    reference: rounded(referenceValue),
    ratio: rounded(ratio),
  })
}

/** As one line of a table, for people. */
export function toTableLine({ name, value, unit, reference, referenceValue, ratio, target, reached }: Figure): string {
  const number = (amount: number) => (amount >= 100 ? amount.toFixed(0) : amount.toPrecision(3))
  const columns = [
    name.padEnd(24),
    `${number(value)} ${unit}`.padStart(14),
    `ratio ${ratio.toPrecision(3)}`.padStart(14),
  ]
  return `${columns.join('  ')}  ${reached ? 'reached' : 'MISSED '}  ${target}; beside it: ${reference} ${number(referenceValue)} ${unit}`
}
