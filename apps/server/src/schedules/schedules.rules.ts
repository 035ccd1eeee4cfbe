import type { Actor } from '../shared/actor.ts'
import { AppError, type FieldError } from '../shared/app-error.ts'
import { roleReaches } from '../shared/role.ts'
import type { ScheduleView } from './schedules.schemas.ts'

export type Hours = Pick<ScheduleView, 'timeZone' | 'weekly' | 'overrides'>

/** Whose hours a schedule is. */
type Users = { providerIds: string[]; ofService: boolean }

type Window = { startMin: number; endMin: number }

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Dates outside of these years are slips of the keyboard. */
const FIRST_YEAR = 2000
const LAST_YEAR = 2100

/** Open Monday to Friday from 9 to 17: what somebody starts with. */
export const OFFICE_HOURS = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, startMin: 540, endMin: 1020 }))

/**
 * The hours as they are kept: the zone in its usual spelling, windows and dates in order.
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export function checkHours<Given extends Partial<Hours>>(given: Given): Given {
  const errors = [
    ...zoneErrors(given.timeZone),
    ...weeklyErrors(given.weekly ?? []),
    ...overrideErrors(given.overrides ?? []),
  ]
  const [first] = errors
  if (first) throw new AppError('request.invalid', first.message, { fields: errors })
  return {
    ...given,
    ...(given.timeZone !== undefined && { timeZone: knownZone(given.timeZone) }),
    ...(given.weekly && { weekly: given.weekly.toSorted((a, b) => a.weekday - b.weekday || byStart(a, b)) }),
    ...(given.overrides && { overrides: inOrder(given.overrides) }),
  }
}

/** Managers change every schedule; providers change one that is theirs and nobody else's. */
export function mayChange(actor: Actor, { providerIds, ofService }: Users): boolean {
  if (actor.kind !== 'member') return false
  if (roleReaches(actor.role, 'manager')) return true
  return !ofService && providerIds.length === 1 && providerIds[0] === actor.providerId
}

function inOrder(overrides: Hours['overrides']): Hours['overrides'] {
  return overrides
    .map(({ date, windows }) => ({ date, windows: windows.toSorted(byStart) }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}

function byStart(a: Window, b: Window): number {
  return a.startMin - b.startMin
}

function zoneErrors(timeZone: string | undefined): FieldError[] {
  if (timeZone === undefined || knownZone(timeZone) !== undefined) return []
  return [{ field: 'timeZone', message: 'This time zone is not known. Use an IANA name such as Europe/Berlin.' }]
}

/** The zone in its usual spelling; undefined for one that is unknown, or is a mere offset. */
function knownZone(timeZone: string): string | undefined {
  if (!/^[A-Za-z]/.test(timeZone)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone).timeZoneId
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function weeklyErrors(weekly: Hours['weekly']): FieldError[] {
  const placed = weekly.map((window, index) => ({ ...window, field: `weekly.${index}` }))
  return WEEKDAYS.flatMap((name, index) =>
    windowErrors(
      placed.filter(({ weekday }) => weekday === index + 1),
      `on ${name}`,
    ),
  )
}

function overrideErrors(overrides: Hours['overrides']): FieldError[] {
  const seen = new Set<string>()
  return overrides.flatMap(({ date, windows }, index) => {
    const field = `overrides.${index}`
    const placed = windows.map((window, place) => ({ ...window, field: `${field}.windows.${place}` }))
    const errors = [...dateErrors(date, `${field}.date`, seen.has(date)), ...windowErrors(placed, `on ${date}`)]
    seen.add(date)
    return errors
  })
}

function dateErrors(date: string, field: string, twice: boolean): FieldError[] {
  const year = Number(date.slice(0, 4))
  if (!isDate(date)) return [{ field, message: `There is no ${date} in the calendar.` }]
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    return [{ field, message: `Give a date between ${FIRST_YEAR} and ${LAST_YEAR}.` }]
  }
  return twice ? [{ field, message: `${date} is there twice: put all its hours into one entry.` }] : []
}

function isDate(date: string): boolean {
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() === date
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Windows of one day: each ends after it starts, none overlaps another; touching is fine. */
function windowErrors(windows: (Window & { field: string })[], when: string): FieldError[] {
  const errors: FieldError[] = []
  let lastEndMin = 0
  for (const { field, startMin, endMin } of windows.toSorted(byStart)) {
    if (endMin <= startMin) {
      errors.push({ field: `${field}.endMin`, message: `The hours ${when} must end after they start.` })
    } else if (startMin < lastEndMin) {
      errors.push({ field: `${field}.startMin`, message: `These hours overlap others ${when}.` })
    }
    lastEndMin = Math.max(lastEndMin, endMin)
  }
  return errors
}
