import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type Answer } from './ask.ts'
import type { Shop } from './business.ts'

/** What became of a steady load. */
export type LoadReport = {
  sent: number
  /** what was not answered as it must be, by what happened instead */
  failed: Map<string, number>
  /** the ids of bookings that were acknowledged */
  booked: string[]
}

export type Load = { stop: () => Promise<LoadReport> }

/** One request in so many books; one in so many comes over a connection of its own. */
const BOOKS_EVERY = 5
const FRESH_EVERY = 4

/**
 * Asks at a constant rate, however long answers take, until it is stopped: free times, pages, and bookings, each with its
 * key. Nobody tries again.
 */
export function startLoad(url: string, shop: Shop, perSecond: number): Load {
  const report: LoadReport = { sent: 0, failed: new Map(), booked: [] }
  const state = { isOver: false }
  const open = new Set<Promise<void>>()
  const fail = (what: string) => void report.failed.set(what, (report.failed.get(what) ?? 0) + 1)
  const one = async (number: number) => {
    const isBooking = number % BOOKS_EVERY === 0
    try {
      const answer = await (isBooking ? book(url, shop, number) : read(url, shop, number))
      if (answer.status !== (isBooking ? 201 : 200))
        fail(`${isBooking ? 'booking' : 'reading'}: ${answer.status}${codeOf(answer)}`)
      else if (isBooking) report.booked.push((JSON.parse(answer.body) as { booking: { id: string } }).booking.id)
    } catch (error) {
      fail(`${isBooking ? 'booking' : 'reading'}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const running = (async () => {
    const begunMs = performance.now()
    while (!state.isOver) {
      const due = Math.floor(((performance.now() - begunMs) / 1_000) * perSecond)
      while (report.sent < due) {
        const asked = one(report.sent++)
        open.add(asked)
        void asked.finally(() => open.delete(asked))
      }
      await sleep(5)
    }
  })()
  return {
    stop: async () => {
      state.isOver = true
      await running
      await Promise.all(open)
      return report
    },
  }
}

/** What a problem calls itself; nothing where a page was answered. */
function codeOf({ body }: Answer): string {
  const code = /"code":\s*"([a-z_.]+)"/.exec(body)?.[1]
  return code === undefined ? '' : ` ${code}`
}

function read(url: string, { slug }: Shop, number: number): Promise<Answer> {
  const day = Temporal.Now.plainDateISO('UTC').add({ days: 3 }).toString()
  const paths = [
    `/api/v1/organizations/${slug}/services/half/slots?from=${day}&to=${day}`,
    `/${slug}`,
    `/api/v1/organizations/${slug}/services/half`,
  ]
  return ask(`${url}${paths[number % paths.length] ?? ''}`, { isFresh: number % FRESH_EVERY === 0 })
}

function book(url: string, shop: Shop, number: number): Promise<Answer> {
  const body = { service: 'half', ...shop.next(), customer: { name: 'A customer', email: `c${number}@example.com` } }
  const headers = { 'idempotency-key': crypto.randomUUID() }
  return ask(`${url}/api/v1/organizations/${shop.slug}/bookings`, { method: 'POST', headers, body })
}
