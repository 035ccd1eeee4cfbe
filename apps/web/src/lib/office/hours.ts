import { textsOf } from '#lib/ui/form-data.ts'
import type { Schedule, Window } from './types.ts'

/** One row of the editor, as typed: `HH:MM`, or empty. */
export type WindowRow = { start: string; end: string }
export type DayRows = { weekday: number; rows: WindowRow[] }
/** An exception, as typed; without times the day is closed. */
export type OverrideRows = { date: string; rows: WindowRow[] }
export type HoursDraft = { days: DayRows[]; overrides: OverrideRows[] }

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
const DAY_MIN = 1440
const MIN_PER_HOUR = 60

/** What the editor shows for a schedule. The rows of a day are in the order of the day. */
export function draftOf(schedule: Pick<Schedule, 'weekly' | 'overrides'>): HoursDraft {
  return {
    days: WEEKDAYS.map((weekday) => ({
      weekday,
      rows: rowsOf(schedule.weekly.filter((window) => window.weekday === weekday)),
    })),
    overrides: schedule.overrides
      .map(({ date, windows }) => ({ date, rows: rowsOf(windows) }))
      .sort((left, right) => left.date.localeCompare(right.date)),
  }
}

/** What was typed into the editor: `day-1-start`, `day-1-end`, ..., `date-0`, `date-0-start`, `date-0-end`, ... */
export function readDraft(form: FormData): HoursDraft {
  const days = WEEKDAYS.map((weekday) => ({ weekday, rows: readRows(form, `day-${weekday}`) }))
  const overrides: OverrideRows[] = []
  for (let index = 0; form.has(`date-${index}`); index++) {
    const date = form.get(`date-${index}`)
    if (typeof date === 'string' && date !== '') overrides.push({ date, rows: readRows(form, `date-${index}`) })
  }
  return { days, overrides }
}

/**
 * Turns what was typed into the hours of a schedule.
 * @returns the names of the rows that are wrong when there are any: half empty or overlapping
 */
export function hoursOf(
  draft: HoursDraft,
): { ok: true; hours: Pick<Schedule, 'weekly' | 'overrides'> } | { ok: false; wrong: string[] } {
  const wrong = [
    ...draft.days.filter(({ rows }) => windowsOf(rows) === null).map(({ weekday }) => `day-${weekday}`),
    ...draft.overrides.filter(({ rows }) => windowsOf(rows) === null).map(({ date }) => `date-${date}`),
    ...repeated(draft.overrides.map(({ date }) => date)).map((date) => `date-${date}`),
  ]
  if (wrong.length > 0) return { ok: false, wrong: [...new Set(wrong)] }
  const weekly = draft.days.flatMap(({ weekday, rows }) =>
    (windowsOf(rows) ?? []).map((window) => ({ weekday, ...window })),
  )
  const overrides = draft.overrides.map(({ date, rows }) => ({ date, windows: windowsOf(rows) ?? [] }))
  return { ok: true, hours: { weekly, overrides } }
}

/** `HH:MM` of a minute of the day. The end of the day is `00:00`, as time inputs know no 24:00. */
export function clockText(min: number): string {
  const hour = Math.floor(min / MIN_PER_HOUR) % 24
  return `${String(hour).padStart(2, '0')}:${String(min % MIN_PER_HOUR).padStart(2, '0')}`
}

/** The minute of the day of `HH:MM`; NaN when it is none. */
export function clockMin(text: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)(?::00)?$/.exec(text) ?? []
  return hour === undefined ? Number.NaN : Number(hour) * MIN_PER_HOUR + Number(minute)
}

function rowsOf(windows: readonly Window[]): WindowRow[] {
  return [...windows]
    .sort((left, right) => left.startMin - right.startMin)
    .map(({ startMin, endMin }) => ({ start: clockText(startMin), end: clockText(endMin) }))
}

function readRows(form: FormData, name: string): WindowRow[] {
  const ends = textsOf(form, `${name}-end`)
  return textsOf(form, `${name}-start`)
    .map((start, index) => ({ start, end: ends[index] ?? '' }))
    .filter(({ start, end }) => start !== '' || end !== '')
}

/** An end that is not after its start is on the next day. @returns null when a row is half empty, or overlaps another */
function windowsOf(rows: readonly WindowRow[]): Window[] | null {
  const windows = rows
    .map(({ start, end }) => windowOf(clockMin(start), clockMin(end)))
    .sort((left, right) => left.startMin - right.startMin)
  const fits = windows.every(({ startMin, endMin }, index) => {
    const previous = windows[index - 1]
    return startMin < endMin && (previous === undefined || previous.endMin <= startMin)
  })
  return fits ? windows : null
}

function windowOf(startMin: number, endMin: number): Window {
  return { startMin, endMin: endMin <= startMin ? endMin + DAY_MIN : endMin }
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}
