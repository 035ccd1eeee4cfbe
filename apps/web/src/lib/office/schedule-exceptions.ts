import type { UpdateScheduleData } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Schedule } from './types.ts'

type Body = UpdateScheduleData['body']

/** So many rows a form can have, far more than anybody types. */
const ROWS_MAX = 500

/** What of a schedule is besides its weekly hours and single dates, as typed: holidays, closures, and stays elsewhere. */
export function exceptionsIn(form: FormData): {
  body: Pick<Body, 'holidays' | 'closures' | 'stays'>
  wrong: Record<string, string>
} {
  const closures = datesIn(form, 'closure')
  const stays = datesIn(form, 'stay')
  const wrong: Record<string, string> = {}
  for (const { name, fromDate, toDate } of [...closures, ...stays])
    if (fromDate === '' || fromDate > toDate) wrong[`${name}-to`] = m.office_error_range()
  for (const { name, text } of stays) if (text === '') wrong[`${name}-zone`] = m.office_error_entry()
  const country = textOf(form, 'country')
  const region = textOf(form, 'region')
  return {
    body: {
      holidays: country === '' ? null : { country, ...(region !== '' && { region }) },
      closures: closures.map(({ fromDate, toDate, text }) => ({
        fromDate,
        toDate,
        ...(text !== '' && { name: text }),
      })),
      stays: stays.map(({ fromDate, toDate, text }) => ({ fromDate, toDate, timeZone: text })),
    },
    wrong,
  }
}

/** The rows that the form shows of a schedule. */
export function exceptionRows({ closures, stays }: Pick<Schedule, 'closures' | 'stays'>) {
  const byDate = (left: { fromDate: string }, right: { fromDate: string }) =>
    left.fromDate.localeCompare(right.fromDate)
  return {
    closures: closures.map(({ name = '', ...dates }) => ({ ...dates, name })).sort(byDate),
    stays: [...stays].sort(byDate),
  }
}

type Row = { name: string; fromDate: string; toDate: string; text: string }

/** A row without a last date is for one day; one without anything is none. */
function datesIn(form: FormData, kind: 'closure' | 'stay'): Row[] {
  const rows: Row[] = []
  for (let index = 0; index < ROWS_MAX && form.has(`${kind}-${index}-from`); index++) {
    const name = `${kind}-${index}`
    const fromDate = textOf(form, `${name}-from`)
    const toDate = textOf(form, `${name}-to`) || fromDate
    const text = textOf(form, kind === 'closure' ? `${name}-name` : `${name}-zone`)
    if (fromDate !== '' || toDate !== '') rows.push({ name, fromDate, toDate, text })
  }
  return rows
}
