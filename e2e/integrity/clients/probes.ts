import type { Entry } from '../history.ts'
import { pathOf, toText, type Ask } from './ask.ts'
import type { Business, Service } from './business.ts'
import { perform } from './client.ts'
import { bookOf } from './customer-operations.ts'
import { send } from './http.ts'
import type { Client } from './memory.ts'

/** Tries what must work once all is well again. */
export type Prober = {
  /** takes everybody off the waiting lists: else what frees up would be offered for ever */
  endWaiting: () => Promise<void>
  /** holds a free time of every business, and lets it be */
  holdSome: () => Promise<void>
  /** books what was held, once the holds have expired, and something else of every service */
  bookSome: () => Promise<void>
}

export type ProberOptions = { urls: string[]; client: Client; record: (entry: Entry) => void }

/** Days after those that everybody wants: there is always something free. */
const LATER_DAYS = { from: 1, to: 3 }

export function createProber({ urls, client, record }: ProberOptions): Prober {
  const held: { business: Business; service: Service; startMs: number }[] = []
  const doIt = async (ask: Ask, kind: string) => {
    const entry = await perform({ urls, client, ask, kind, number: -1 })
    record(entry)
    return entry
  }
  return {
    endWaiting: async () => {
      // What one of them leaves may be offered to the next meanwhile.
      const still = (business: Business) =>
        Promise.all(['waiting', 'offered'].map((state) => waitingIn(urls[0] ?? '', business, state)))
      for (const business of client.businesses) {
        for (let ids = (await still(business)).flat(); ids.length > 0; ids = (await still(business)).flat())
          for (const id of new Set(ids)) await doIt(withdrawal(business, id), 'withdraw in the end')
      }
    },
    holdSome: async () => {
      for (const business of client.businesses) {
        for (const service of business.services) {
          const startMs = await firstFree(urls[0] ?? '', business, service, service.capacity)
          if (startMs === undefined) continue
          const { outcome } = await doIt(holdAt(business, service, startMs), 'probe: hold')
          if (outcome === 'done') held.push({ business, service, startMs })
        }
      }
    },
    bookSome: async () => {
      for (const { business, service, startMs } of held)
        await doIt(
          bookOf(client, business, service, { startMs, seats: service.capacity, email: somebody() }),
          'probe: book behind a hold',
        )
      for (const url of urls) {
        for (const business of client.businesses) {
          for (const service of business.services) {
            const startMs = await firstFree(url, business, service)
            if (startMs === undefined) continue
            await doIt(bookOf(client, business, service, { startMs, seats: 1, email: somebody() }), 'probe: book')
          }
        }
      }
    },
  }
}

/** Whom no limit of a customer has met yet. */
const somebody = () => `${crypto.randomUUID()}@example.com`

function withdrawal(business: Business, wishId: string): Ask {
  const request = { method: 'POST', path: `${pathOf(business)}/wishes/${wishId}/withdraw` } as const
  const effect = { kind: 'leave', wishId, action: 'wish.withdrawn' } as const
  return { business, request, asMember: true, key: 'new', effect }
}

type Wishes = { items: { id: string }[]; nextCursor?: string | null }

/** Everybody who waits, page by page. */
async function waitingIn(url: string, business: Business, state: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const path = `${pathOf(business)}/wishes?state=${state}&limit=100${more}`
    const sent = await send(url, { method: 'GET', path, headers: { cookie: business.cookie } })
    if (sent.kind !== 'answered' || sent.status !== 200) throw new Error(`${path} answered ${JSON.stringify(sent)}`)
    const page = sent.body as Wishes
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return ids
}

/** All seats of it, so that nobody else finds room beside it. */
function holdAt(business: Business, service: Service, startMs: number): Ask {
  const seats = service.capacity > 1 ? { seats: service.capacity } : {}
  const body = { service: service.slug, start: toText(startMs), ...seats }
  const request = { method: 'POST', path: `${pathOf(business)}/holds`, body } as const
  return { business, request, asMember: false, key: 'new', effect: { kind: 'hold' } }
}

type Slots = { days: { slots: { start: string; seatsLeft?: number }[] }[] }

/** The first start that the list of free times offers on the later days, with room for so many. */
async function firstFree(url: string, business: Business, service: Service, seats = 1): Promise<number | undefined> {
  const last = Temporal.PlainDate.from(business.dates.at(-1) ?? '')
  const from = last.add({ days: LATER_DAYS.from }).toString()
  const to = last.add({ days: LATER_DAYS.to }).toString()
  const path = `${pathOf(business)}/services/${service.slug}/slots?from=${from}&to=${to}`
  const sent = await send(url, { method: 'GET', path, headers: {} })
  if (sent.kind !== 'answered' || sent.status !== 200) throw new Error(`${path} answered ${JSON.stringify(sent)}`)
  const slots = (sent.body as Slots).days.flatMap((day) => day.slots)
  const start = slots.find(({ seatsLeft = seats }) => seatsLeft >= seats)?.start
  return start === undefined ? undefined : Date.parse(start)
}
