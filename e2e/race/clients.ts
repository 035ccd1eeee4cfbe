import type { Business } from '../stack/business.ts'

/** What one client asked for, and how it ended. */
export type Attempt = {
  key: string
  service: string
  start: string
  provider: string | undefined
  email: string
  /** the last answer; 0 when there was none */
  status: number
  bookingId: string | undefined
  /** how many free times a refusal named */
  alternatives: number | undefined
  tries: number
}

export type RaceOptions = {
  urls: string[]
  business: Business
  clients: number
  attemptsEach: number
  /** the starts that everybody wants */
  starts: string[]
  random: () => number
  /** called once when about half of the attempts are over */
  halfway: () => void
}

/** A client gives up on an answer after this many tries of the same request, each with the same key. */
const MAX_TRIES = 60
const PAUSE_MS = 250

/** Lets all clients loose on the same few times. A request without an answer is sent again, to the next process. */
export async function race(options: RaceOptions): Promise<Attempt[]> {
  const { clients, attemptsEach, halfway } = options
  const attempts: Attempt[] = []
  const total = clients * attemptsEach
  let told = false
  const client = async (number: number) => {
    for (let index = 0; index < attemptsEach; index++) {
      attempts.push(await attempt(options, number))
      if (told || attempts.length < total / 2) continue
      told = true
      halfway()
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  return attempts
}

async function attempt({ urls, business, starts, random }: RaceOptions, number: number): Promise<Attempt> {
  const pick = <Item>(items: Item[]): Item | undefined => items[Math.floor(random() * items.length)]
  const service = random() < 0.7 ? business.services.half : business.services.hour
  const start = pick(starts) ?? ''
  const provider = random() < 0.5 ? pick(business.providers) : undefined
  const email = `client${number}@example.com`
  const made: Attempt = {
    key: crypto.randomUUID(),
    service,
    start,
    provider,
    email,
    status: 0,
    bookingId: undefined,
    alternatives: undefined,
    tries: 0,
  }
  const body = JSON.stringify({ service, start, provider, customer: { name: `Client ${number}`, email } })
  while (made.tries < MAX_TRIES) {
    const url = urls[(number + made.tries) % urls.length] ?? ''
    made.tries += 1
    const answer = await send(`${url}/api/v1/organizations/${business.slug}/bookings`, made.key, body)
    if (answer && answer.status < 500) return { ...made, ...answer }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return made
}

async function send(url: string, key: string, body: string) {
  try {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key }
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) })
    const json = (await answer.json()) as { booking?: { id: string }; alternatives?: unknown[] }
    return { status: answer.status, bookingId: json.booking?.id, alternatives: json.alternatives?.length }
  } catch {
    // The process was killed or the connection cut: the client cannot know, and asks again.
    return undefined
  }
}
