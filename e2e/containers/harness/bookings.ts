import type { Business } from '../../stack/business.ts'
import type { Installation } from './installation.ts'
import { ask } from './visitor.ts'

const TIMES_A_DAY = 20
const FIRST_HOUR = 9
const AT_ONCE = 8

/** Books the next so many free times of a business, one after the other in a few rows; answers the ids. */
export function bookerOf(installation: Installation, business: Business): (count: number) => Promise<string[]> {
  let taken = 0
  const bookOne = async (): Promise<string> => {
    const number = taken++
    const provider = business.providers[number % business.providers.length]
    const place = Math.floor(number / business.providers.length)
    const day = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 2 + Math.floor(place / TIMES_A_DAY) })
    const time = Temporal.PlainTime.from({ hour: FIRST_HOUR }).add({ minutes: (place % TIMES_A_DAY) * 30 })
    const start = day.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: time }).toInstant().toString()
    const customer = { name: `Customer ${number}`, email: `customer${number}@example.com` }
    const { status, body } = await ask(installation, `/api/v1/organizations/${business.slug}/bookings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ service: business.services.half, start, provider, customer }),
    })
    if (status !== 201) throw new Error(`booking ${start} answered ${status}: ${body}`)
    return (JSON.parse(body) as { booking: { id: string } }).booking.id
  }
  return async (count) => {
    const ids: string[] = []
    let left = count
    const row = async () => {
      while (left-- > 0) ids.push(await bookOne())
    }
    await Promise.all(Array.from({ length: AT_ONCE }, row))
    return ids
  }
}
