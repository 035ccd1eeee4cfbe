import { Type, type Static } from 'typebox'
import { closed, LocalDate, Locale } from '../shared/schemas.ts'

const Country = Type.String({ pattern: '^[A-Za-z]{2}$', description: 'ISO 3166-1 code, such as DE.' })
const Region = Type.String({
  minLength: 1,
  maxLength: 40,
  pattern: '^[A-Za-z0-9][A-Za-z0-9.-]*$',
  description: 'Part of the country, such as BE for Berlin, or a part of that, such as BY.A for Augsburg.',
})

/** Whose public holidays are meant. */
export const HolidayPlace = Type.Object({ country: Country, region: Type.Optional(Region) }, closed)
export type HolidayPlace = Static<typeof HolidayPlace>

const AskedLocale = Type.Optional({ ...Locale, description: 'Language of the names, where they are known in it.' })

export const CountriesQuery = Type.Object({ locale: AskedLocale }, closed)

const named = { code: Type.String(), name: Type.String() }

export const CountriesView = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { ...named, regions: Type.Array(Type.Object(named, closed), { description: 'Empty where all is the same.' }) },
        closed,
      ),
    ),
  },
  closed,
)
export type CountriesView = Static<typeof CountriesView>

export const HolidaysQuery = Type.Object(
  {
    country: Country,
    region: Type.Optional(Region),
    year: Type.Integer({ minimum: 2000, maximum: 2100, description: 'The year of the Gregorian calendar.' }),
    locale: AskedLocale,
  },
  closed,
)
export type HolidaysQuery = Static<typeof HolidaysQuery>

export const HolidaysView = Type.Object(
  { items: Type.Array(Type.Object({ date: LocalDate, name: Type.String() }, closed)) },
  closed,
)
export type HolidaysView = Static<typeof HolidaysView>
