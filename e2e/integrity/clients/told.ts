import type { Told, ToldBooking } from '../history.ts'

type Fields = Record<string, unknown>

/**
 * What an answer says, in whichever of the API's shapes it comes: a booking, a booking with its link, several that belong
 * together, a hold, a wish with its link or with the booking that came of it, a list.
 */
export function toldBy(body: unknown): Told {
  const fields = fieldsOf(body)
  if ('wish' in fields) return toldByWish(fields)
  const subject = 'booking' in fields ? fieldsOf(fields['booking']) : fields
  return withoutUndefined({
    ...toldOf(subject),
    seats: typeof subject['seats'] === 'number' ? subject['seats'] : undefined,
    token: textOf(fields['token']),
    expiresAt: textOf(subject['expiresAt']),
    items: itemsOf(fields['items']),
    bookings: bookingsOf(fields['bookings']),
  })
}

/** An offer that was taken is told by the booking that came of it, to which its link leads. */
function toldByWish(fields: Fields): Told {
  const manageUrl = textOf(fields['manageUrl'])
  const booking = manageUrl === undefined ? undefined : new URL(manageUrl).pathname.split('/').at(-1)
  return withoutUndefined({ id: booking ?? textOf(fieldsOf(fields['wish'])['id']), token: textOf(fields['token']) })
}

function toldOf(subject: Fields): ToldBooking {
  const provider = subject['provider']
  return withoutUndefined({
    id: textOf(subject['id']),
    state: textOf(subject['state']),
    start: textOf(subject['start']),
    provider: textOf(provider) ?? textOf(fieldsOf(provider)['id']),
  })
}

function bookingsOf(bookings: unknown): Told['bookings'] {
  return Array.isArray(bookings) ? bookings.map((booking) => toldOf(fieldsOf(booking))) : undefined
}

/** The stable name of a refusal. */
export function codeOf(body: unknown): string | undefined {
  return textOf(fieldsOf(body)['code'])
}

function itemsOf(items: unknown): Told['items'] {
  if (!Array.isArray(items)) return undefined
  return items.map(fieldsOf).flatMap(({ booking, provider }) => {
    const id = textOf(booking)
    return id === undefined ? [] : [{ booking: id, provider: textOf(provider) ?? null }]
  })
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Leaves out what an answer does not say, so that a line of the history has only what there is. */
function withoutUndefined(told: Record<string, unknown>): Told {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}
