import { AppError, type FieldError } from '../shared/app-error.ts'
import { isCalendarDate } from '../shared/clock.ts'
import { isUuid } from '../shared/id.ts'
import type { Question, ServicePatch, ServiceView } from './services.schemas.ts'

const DAY_MS = 86_400_000

/** A window of dates is no longer than one of days can be: hours are expanded for all of it. */
const WINDOW_DAYS_MAX = 730

/** People choose better among fewer times: starts stand at most this close together unless told otherwise. */
const USUAL_STEP_MIN = 30

/** How many minutes apart the starts of a service are when nobody says. */
export function defaultStepMin(durationsMin: number[]): number {
  return Math.min(USUAL_STEP_MIN, ...durationsMin.slice(0, 1))
}

/**
 * Checks what the schema of the request cannot say.
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export function checkService({ slug, questions = [], ...patch }: ServicePatch): void {
  const errors = [...slugErrors(slug), ...questionErrors(questions), ...windowErrors(patch)]
  const [first] = errors
  if (first) throw new AppError('request.invalid', first.message, { fields: errors })
}

/** A window that is no range has no dates. */
export function withWholeWindow<Given extends ServicePatch>(given: Given): Given {
  const { windowKind } = given
  return windowKind === undefined || windowKind === 'range' ? given : { ...given, windowFrom: null, windowTo: null }
}

/**
 * Checks the dates of a window of which perhaps only one was changed.
 * @throws {AppError} request.invalid when there are too many of them
 */
export function checkWindow(service: Pick<ServiceView, 'windowFrom' | 'windowTo'>): void {
  const [first] = windowErrors(service)
  if (first) throw new AppError('request.invalid', first.message, { fields: [first] })
}

function windowErrors({ windowFrom, windowTo }: Pick<ServicePatch, 'windowFrom' | 'windowTo'>): FieldError[] {
  const errors = Object.entries({ windowFrom, windowTo }).flatMap(([field, date]) =>
    typeof date === 'string' && !isDateOfOurs(date) ? [{ field, message: 'Give a date between 2000 and 2100.' }] : [],
  )
  if (errors.length > 0 || typeof windowFrom !== 'string' || typeof windowTo !== 'string') return errors
  const days = (Date.parse(windowTo) - Date.parse(windowFrom)) / DAY_MS
  if (days <= WINDOW_DAYS_MAX) return []
  return [{ field: 'windowTo', message: `The last date is at most ${WINDOW_DAYS_MAX} days after the first.` }]
}

function isDateOfOurs(date: string): boolean {
  const year = Number(date.slice(0, 4))
  return isCalendarDate(date) && year >= 2000 && year <= 2100
}

/** Services are found by slug or by id: a slug in the form of an id could stand for another service. */
function slugErrors(slug: string | undefined): FieldError[] {
  if (slug === undefined || !isUuid(slug)) return []
  return [{ field: 'slug', message: 'An address in the form of an id is not possible.' }]
}

function questionErrors(questions: Question[]): FieldError[] {
  const seen = new Set<string>()
  return questions.flatMap(({ id, kind, choices }, index) => {
    const field = `questions.${index}`
    const errors: FieldError[] = []
    if (seen.has(id)) errors.push({ field: `${field}.id`, message: 'Another question has this id.' })
    seen.add(id)
    if (kind === 'choice' && !choices) {
      errors.push({ field: `${field}.choices`, message: 'Give the answers to choose from.' })
    }
    if (kind !== 'choice' && choices) {
      errors.push({ field: `${field}.choices`, message: 'Only a question of the kind choice has choices.' })
    }
    if (choices && new Set(choices).size < choices.length) {
      errors.push({ field: `${field}.choices`, message: 'The same answer is there twice.' })
    }
    return errors
  })
}

/**
 * Refuses ids of which nobody or nothing is known.
 * @throws {AppError} request.invalid naming each
 */
export function checkKnown(
  field: 'providers' | 'resources',
  asked: string[],
  known: ReadonlyMap<string, number>,
): void {
  const errors = asked.flatMap((id, index) =>
    known.has(id) ? [] : [{ field: `${field}.${index}`, message: `There is no such ${field.slice(0, -1)}.` }],
  )
  const [first] = errors
  if (first) throw new AppError('request.invalid', first.message, { fields: errors })
}
