import { actorReaches, type Actor } from '../shared/actor.ts'
import { AppError, type FieldError } from '../shared/app-error.ts'
import { knownZone, UNKNOWN_ZONE } from '../shared/time-zone.ts'
import { closureErrors, dateErrors, inOrder, stayErrors } from './schedule-dates.rules.ts'
import type { ScheduleView } from './schedules.schemas.ts'

export type Hours = Omit<ScheduleView, 'id' | 'name'>

/** Whose hours a schedule is: of these people, and of a service or a resource or not. */
type Users = { providerIds: string[]; ofThings: boolean }

type Window = { startMin: number; endMin: number }

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Open Monday to Friday from 9 to 17: what somebody starts with. */
export const OFFICE_HOURS = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, startMin: 540, endMin: 1020 }))

/** Longer nights are not: the next day has hours of its own. */
const DAY_MIN = 1440

/**
 * The hours as they are kept: zones in their usual spelling, windows and dates in order.
 * @param others  what was found wrong with the public holidays
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export function checkHours<Given extends Partial<Hours>>(given: Given, others: FieldError[] = []): Given {
  const errors = [
    ...zoneErrors(given.timeZone),
    ...weeklyErrors(given.weekly ?? []),
    ...overrideErrors(given.overrides ?? []),
    ...others,
    ...closureErrors(given.closures ?? []),
    ...stayErrors(given.stays ?? []),
  ]
  const [first] = errors
  if (first) throw new AppError('request.invalid', first.message, { fields: errors })
  return {
    ...given,
    ...(given.timeZone !== undefined && { timeZone: knownZone(given.timeZone) }),
    ...(given.weekly && { weekly: given.weekly.toSorted((a, b) => a.weekday - b.weekday || byStart(a, b)) }),
    ...(given.overrides && { overrides: overridesInOrder(given.overrides) }),
    ...(given.closures && { closures: inOrder(given.closures) }),
    ...(given.stays && { stays: inOrder(given.stays).map(withKnownZone) }),
  }
}

/** Managers change every schedule; providers change one that is theirs and nobody else's. */
export function mayChange(actor: Actor, { providerIds, ofThings }: Users): boolean {
  if (actorReaches(actor, 'manager')) return true
  if (actor.kind !== 'member') return false
  return !ofThings && providerIds.length === 1 && providerIds[0] === actor.providerId
}

function overridesInOrder(overrides: Hours['overrides']): Hours['overrides'] {
  return overrides
    .map(({ date, windows }) => ({ date, windows: windows.toSorted(byStart) }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}

function withKnownZone<Place extends { timeZone: string }>(place: Place): Place {
  return { ...place, timeZone: knownZone(place.timeZone) ?? place.timeZone }
}

function byStart(a: Window, b: Window): number {
  return a.startMin - b.startMin
}

function zoneErrors(timeZone: string | undefined): FieldError[] {
  if (timeZone === undefined || knownZone(timeZone) !== undefined) return []
  return [{ field: 'timeZone', message: UNKNOWN_ZONE }]
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

/** Windows of one day: each ends after it starts, none overlaps another; touching is fine. */
function windowErrors(windows: (Window & { field: string })[], when: string): FieldError[] {
  const errors: FieldError[] = []
  let lastEndMin = 0
  for (const { field, startMin, endMin } of windows.toSorted(byStart)) {
    if (endMin <= startMin) {
      errors.push({ field: `${field}.endMin`, message: `The hours ${when} must end after they start.` })
    } else if (endMin > startMin + DAY_MIN) {
      errors.push({ field: `${field}.endMin`, message: `The hours ${when} must end within 24 hours.` })
    } else if (startMin < lastEndMin) {
      errors.push({ field: `${field}.startMin`, message: `These hours overlap others ${when}.` })
    }
    lastEndMin = Math.max(lastEndMin, endMin)
  }
  return errors
}
