import type { Told } from '../history.ts'

type Fields = Record<string, unknown>

/** What an answer says, in whichever of the API's shapes it comes: a booking, a booking with its link, a hold, a list. */
export function toldBy(body: unknown): Told {
  const fields = fieldsOf(body)
  const subject = 'booking' in fields ? fieldsOf(fields['booking']) : fields
  const provider = subject['provider']
  return withoutUndefined({
    id: textOf(subject['id']),
    state: textOf(subject['state']),
    start: textOf(subject['start']),
    provider: textOf(provider) ?? textOf(fieldsOf(provider)['id']),
    seats: typeof subject['seats'] === 'number' ? subject['seats'] : undefined,
    token: textOf(fields['token']),
    expiresAt: textOf(subject['expiresAt']),
    items: itemsOf(fields['items']),
  })
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
