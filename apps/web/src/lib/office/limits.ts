import { textOf, wholeNumber } from '#lib/ui/form-data.ts'
import type { Limit, ServiceLimit } from './types.ts'

/** One row of the editor, as typed. Without any number it is no limit. */
export type LimitRow = { count: string; minutes: string; per: string; of: string }

export const LIMIT_PERIODS: readonly Limit['per'][] = ['day', 'week', 'month']
export const LIMIT_BEARERS: readonly ServiceLimit['of'][] = ['service', 'customer']

/** What the editor shows for limits. Those of people have no `of`. */
export function limitRows(limits: readonly (Limit & Partial<Pick<ServiceLimit, 'of'>>)[]): LimitRow[] {
  return limits.map(({ per, maxCount, maxMinutes, of = 'service' }) => ({
    ...{ per, of },
    count: maxCount === undefined ? '' : String(maxCount),
    minutes: maxMinutes === undefined ? '' : String(maxMinutes),
  }))
}

/**
 * What was typed into the editor: `limit-0-count`, `limit-0-minutes`, `limit-0-per`, ... Rows without a number are left out.
 * @returns also the names of the entries that should be whole numbers and are none
 */
export function limitsIn(form: FormData): { limits: ServiceLimit[]; wrong: string[] } {
  const limits: ServiceLimit[] = []
  const wrong: string[] = []
  for (let index = 0; form.has(`limit-${index}-per`); index++) {
    const read = (part: string) => textOf(form, `limit-${index}-${part}`)
    const numbers = [
      ['count', read('count')],
      ['minutes', read('minutes')],
    ].filter(([, text]) => text !== '')
    if (numbers.length === 0) continue
    wrong.push(
      ...numbers.filter(([, text = '']) => Number.isNaN(wholeNumber(text))).map(([part]) => `limit-${index}-${part}`),
    )
    limits.push({
      per: LIMIT_PERIODS.find((name) => name === read('per')) ?? 'day',
      of: LIMIT_BEARERS.find((name) => name === read('of')) ?? 'service',
      ...(read('count') !== '' && { maxCount: wholeNumber(read('count')) }),
      ...(read('minutes') !== '' && { maxMinutes: wholeNumber(read('minutes')) }),
    })
  }
  return { limits, wrong }
}

/** The limits of somebody: they count all that the person does. */
export function withoutBearer(limits: readonly ServiceLimit[]): Limit[] {
  return limits.map(({ of: _of, ...limit }) => limit)
}
