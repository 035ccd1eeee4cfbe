import { invalidField } from '../shared/app-error.ts'

/** First parts of the addresses of our own pages: no organization can have them. */
const RESERVED = new Set(
  'api app assets admin booking bookings docs favicon health help login logout robots setup sign-in sign-out sign-up static status www'.split(
    ' ',
  ),
)

/** @throws {AppError} request.invalid for a slug of ours, an unknown zone, language or currency */
export function checkOrganization(fields: {
  slug?: string
  timeZone?: string
  locale?: string
  currency?: string
}): void {
  const { slug, timeZone, locale, currency } = fields
  if (slug !== undefined && RESERVED.has(slug))
    throw invalidField('slug', 'This address is used by Slotkeeper itself. Choose another one.')
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw invalidField('timeZone', 'This time zone is not known. Use an IANA name such as Europe/Berlin.')
  }
  if (locale !== undefined && !isKnownLocale(locale)) {
    throw invalidField('locale', 'This language is not known. Use a code such as en or de.')
  }
  if (currency !== undefined && !Intl.supportedValuesOf('currency').includes(currency)) {
    throw invalidField('currency', 'This currency is not known. Use an ISO 4217 code such as EUR.')
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
    return /^[A-Za-z]/.test(timeZone)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Much that has the form of a language tag is none: asked for it, Intl throws. */
function isKnownLocale(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale]).length > 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
