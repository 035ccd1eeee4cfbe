import type { Holiday } from '@slotkeeper/scheduling'
import type Holidays from 'date-holidays'
import { AppError, invalidField, type FieldError } from '../shared/app-error.ts'
import { BoundedMap } from '../shared/bounded-map.ts'
import { byName, codeLike, isLocale, publicDays } from './holidays.rules.ts'
import type { CountriesView, HolidayPlace, HolidaysQuery, HolidaysView } from './holidays.schemas.ts'

/** First and last year, both inclusive. */
export type Years = { from: number; to: number }

type Day = Required<Holiday>
type Library = typeof Holidays

/** A year takes tens of milliseconds to compute. Memory for them, in numbers of days, and for lists of countries. */
const DAYS_MAX = 50_000
const LISTS_MAX = 20

const years = new BoundedMap<Promise<Day[]>>(DAYS_MAX)
const lists = new BoundedMap<CountriesView>(LISTS_MAX)

/** A place has about so many holidays in a year. */
const DAYS_A_YEAR = 15

/** Loading all rules of the world takes a quarter of a second: who has no holidays does without. */
let library: Promise<Library> | undefined

/**
 * The countries whose public holidays are known, with their parts, by name.
 * @throws {AppError} request.invalid when the language is none
 */
export async function listCountries(locale = 'en'): Promise<CountriesView> {
  if (!isLocale(locale)) throw invalidField('locale', 'This is no language. Use a tag such as en or de-AT.')
  const known = lists.get(locale)
  if (known) return known
  const all = new (await load())()
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' })
  const language = languageOf(locale)
  const countries = Object.entries(all.getCountries(language)).map(([code, name]) => ({
    code,
    name: names.of(code) ?? name,
    regions: byName(regionsOf(all, code, language), locale),
  }))
  const list = { items: byName(countries, locale) }
  lists.set(locale, list)
  return list
}

/**
 * The public holidays of a year.
 * @throws {AppError} request.invalid when the place is not known
 */
export async function previewHolidays({ year, locale, ...asked }: HolidaysQuery): Promise<HolidaysView> {
  const { place, errors } = await checkPlace(asked)
  const [first] = errors
  if (!place) throw new AppError('request.invalid', first?.message ?? '', { fields: errors })
  return { items: await publicHolidays(place, { from: year, to: year }, locale) }
}

/**
 * The place in its usual spelling, or what of it is not known.
 * @param prefix  stands before the names of the fields
 */
export async function checkPlace(
  { country, region }: HolidayPlace,
  prefix = '',
): Promise<{ place?: HolidayPlace; errors: FieldError[] }> {
  const all = new (await load())()
  const code = codeLike(Object.keys(all.getCountries()), country)
  if (code === undefined) {
    return { errors: [{ field: `${prefix}country`, message: `The holidays of ${country} are not known.` }] }
  }
  if (region === undefined) return { place: { country: code }, errors: [] }
  const regions = regionsOf(all, code, 'en').map((one) => one.code)
  const part = codeLike(regions, region)
  if (part !== undefined) return { place: { country: code, region: part }, errors: [] }
  const some = regions.slice(0, 20).join(', ')
  const known = some === '' ? `${code} has no parts that differ.` : `${code} has ${some}.`
  return { errors: [{ field: `${prefix}region`, message: `There is no part ${region} of ${code}: ${known}` }] }
}

/** The years for which holidays matter: appointments lie up to two years ahead. */
export function yearsAround(nowMs: number): Years {
  const { year } = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO('UTC')
  return { from: year - 1, to: year + 2 }
}

/** The public holidays of a place over some years, ascending. A place that is not known has none. */
export async function publicHolidays(place: HolidayPlace, { from, to }: Years, locale = 'en'): Promise<Day[]> {
  const days: Day[] = []
  for (let year = from; year <= to; year++) days.push(...(await daysOf(place, year, languageOf(locale))))
  return days
}

function daysOf({ country, region = '' }: HolidayPlace, year: number, language: string): Promise<Day[]> {
  const key = `${country} ${region} ${year} ${language}`
  const known = years.get(key)
  if (known) return known
  const computed = computeDays([country, ...region.split('.')].filter(Boolean), year, language)
  years.set(key, computed, DAYS_A_YEAR)
  computed.catch(() => years.delete(key))
  return computed
}

async function computeDays([country = '', state = '', region = '']: string[], year: number, language: string) {
  const Library = await load()
  // Whoever else waits comes in between: a year is long.
  await new Promise((resolve) => setImmediate(resolve))
  return publicDays(new Library(country, state, region, { languages: [language, 'en'] }).getHolidays(year))
}

function load(): Promise<Library> {
  library ??= import('date-holidays').then((module) => module.default)
  return library
}

function languageOf(locale: string): string {
  return (locale.split('-')[0] ?? '').toLowerCase()
}

/** The parts of a country, and the parts of those. */
function regionsOf(all: Holidays, country: string, language: string): { code: string; name: string }[] {
  const states = partsOf(all.getStates(country, language))
  return states.flatMap(([code, name]) => [
    { code, name },
    ...partsOf(all.getRegions(country, code, language)).map(([part, partName]) => ({
      code: `${code}.${part}`,
      name: `${name}, ${partName}`,
    })),
  ])
}

/** A place without parts has none, whatever the library's types say. */
function partsOf(parts: Record<string, string> | undefined): [string, string][] {
  return Object.entries(parts ?? {})
}
