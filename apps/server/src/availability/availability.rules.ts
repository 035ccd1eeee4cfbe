import { localTimes, startOfDateMs, type Slots } from '@slotkeeper/scheduling'
import { invalidField } from '../shared/app-error.ts'
import { isCalendarDate, parseInstantMs } from '../shared/clock.ts'

const DAY_MS = 86_400_000

/** The longest range of days that is answered at once. */
export const MAX_DAYS = 62

/**
 * The half-open range of starts between two texts: local dates (both inclusive) or instants.
 * @throws {AppError} request.invalid when a text is neither, the order is wrong, or the range is too long
 */
export function parseRange(from: string, to: string, timeZone: string): { fromMs: number; toMs: number } {
  const fromMs = parseBound('from', from, timeZone, 0)
  const toMs = parseBound('to', to, timeZone, 1)
  const areDates = from.length === 10 && to.length === 10
  if (toMs < fromMs || (areDates && to < from)) throw invalidField('to', 'The end of the range is before its start.')
  if (toMs - fromMs > (MAX_DAYS + 0.5) * DAY_MS) throw invalidField('to', `Ask for at most ${MAX_DAYS} days at once.`)
  return { fromMs, toMs }
}

function parseBound(field: string, text: string, timeZone: string, plusDays: number): number {
  const isLocal = text.length === 10
  const ms = isLocal ? dateBound(text, timeZone, plusDays) : parseInstantMs(text)
  if (ms === undefined) {
    throw invalidField(field, 'Give a date (2026-03-29) or an instant with its offset (2026-03-29T09:00:00+02:00).')
  }
  return ms
}

function dateBound(date: string, timeZone: string, plusDays: number): number | undefined {
  const year = Number(date.slice(0, 4))
  if (!isCalendarDate(date) || year < 2000 || year > 2100) return undefined
  return startOfDateMs(shiftDate(date, plusDays), timeZone)
}

/** @throws {RangeError} when the date does not exist */
export function shiftDate(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/**
 * The canonical name of a time zone.
 * @throws {AppError} request.invalid for a zone that is unknown, or is a mere offset
 */
export function checkTimeZone(timeZone: string): string {
  try {
    if (/^[A-Za-z]/.test(timeZone)) {
      Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
      return timeZone
    }
  } catch {
    // The engine of time says no; so do we, below, in our own words.
  }
  throw invalidField('timeZone', 'This time zone is not known. Use an IANA name such as Europe/Berlin.')
}

/** The slots as the API tells them: JSON text, grouped by local date in the asker's zone. */
export function slotsJson(
  slots: Slots,
  providerIds: string[],
  format: { timeZone: string; grouped: boolean; next?: string | null },
): string {
  const { timeZone, grouped, next } = format
  const starts = slots.startsMs
  const startTimes = localTimes(starts, timeZone)
  const ends = starts.map((startMs) => startMs + slots.lengthMs)
  const endTimes = localTimes(ends, timeZone)
  const who = providerLists(providerIds)
  const days: string[] = startTimes.dates.map(() => '')
  for (let i = 0; i < starts.length; i++) {
    const day = startTimes.dateIndex[i] ?? 0
    const start = localText(starts[i] ?? 0, startTimes.offsetMin[i] ?? 0)
    const end = localText(ends[i] ?? 0, endTimes.offsetMin[i] ?? 0)
    const seats = grouped ? `,"seatsLeft":${slots.seatsLeftAt(i)}` : ''
    const slot = `{"start":"${start}","end":"${end}","providers":${who(slots.candidatesAt(i))}${seats}}`
    const before = days[day]
    days[day] = before ? `${before},${slot}` : slot
  }
  const list = startTimes.dates.map((date, index) => `{"date":"${date}","slots":[${days[index] ?? ''}]}`)
  const after = next === undefined ? '' : `,"next":${JSON.stringify(next)}`
  return `{"timeZone":${JSON.stringify(timeZone)},"days":[${list.join(',')}]${after}}`
}

/** Writes lists of providers. The engine gives starts with the same providers the same list, which is written once. */
function providerLists(ids: string[]) {
  const written = new Map<readonly number[], string>()
  return (indexes: readonly number[]): string => {
    let text = written.get(indexes)
    if (text === undefined) {
      text = JSON.stringify(indexes.map((index) => ids[index]))
      written.set(indexes, text)
    }
    return text
  }
}

/** RFC 3339 with the offset of the place. */
export function localText(instantMs: number, offsetMin: number): string {
  const local = new Date(instantMs + offsetMin * 60_000).toISOString().slice(0, 19)
  const minutes = Math.abs(offsetMin)
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${local}${offsetMin < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
