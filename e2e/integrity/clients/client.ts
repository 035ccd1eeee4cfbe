import { setTimeout as sleep } from 'node:timers/promises'
import type { Entry } from '../history.ts'
import type { Ask } from './ask.ts'
import { send, type Request } from './http.ts'
import type { Client } from './memory.ts'
import { someOperation } from './operations.ts'
import { codeOf, toldBy } from './told.ts'

export type ClientsOptions = {
  urls: string[]
  clients: Client[]
  /** called with every operation that ended */
  record: (entry: Entry) => void
  /** whether to begin no more operations */
  isOver: () => boolean
}

/** A request under a key is sent until there is an answer: through minutes of faults. */
const MAX_TRIES = 400
const PAUSE_MS = { between: 150, retry: 400 }

/** Lets all clients loose, until it is over and each has its last answer. */
export async function runClients({ urls, clients, record, isOver }: ClientsOptions): Promise<void> {
  let number = 0
  const live = async (client: Client) => {
    while (!isOver()) {
      await sleep(client.random() * PAUSE_MS.between)
      const operation = someOperation(client.random)
      const ask = operation.ask(client)
      if (!ask) continue
      const entry = await perform({ urls, client, ask, kind: operation.kind, number: number++ })
      record(entry)
      ask.learn?.(entry)
    }
  }
  await Promise.all(clients.map(live))
}

export type Performance = { urls: string[]; client: Client; ask: Ask; kind: string; number: number }

/** Sends a request until there is an answer, or until nobody can know any more. */
export async function perform({ urls, client, ask, kind, number }: Performance): Promise<Entry> {
  const key = ask.key === 'none' ? undefined : ask.key === 'new' ? crypto.randomUUID() : ask.key.text
  const nowMs = Date.now()
  const entry: Entry = {
    ...{ number, client: client.number, kind, organization: ask.business.slug, key, effect: ask.effect },
    ...{ invokedMs: nowMs, lastSentMs: nowMs, endedMs: nowMs, tries: 0, lost: 0, failed: 0 },
    ...{ outcome: 'unknown', status: 0, code: undefined, told: {} },
  }
  const request: Request = { ...ask.request, headers: headersOf(ask, key) }
  while (entry.tries < MAX_TRIES) {
    const url = urls[(client.number + entry.tries) % urls.length] ?? ''
    entry.lastSentMs = Date.now()
    const sent = await send(url, request)
    entry.endedMs = Date.now()
    entry.tries += 1
    if (sent.kind === 'answered' && sent.status < 500) {
      const isDone = sent.status < 400
      return { ...entry, ...verdict(isDone), status: sent.status, code: codeOf(sent.body), told: toldBy(sent.body) }
    }
    if (sent.kind !== 'unsent') entry.lost += 1
    if (sent.kind === 'answered') entry.status = sent.status
    if (sent.kind === 'answered' && sent.status === 500) entry.failed += 1
    // Without a key, sending again might do it twice: nobody knows, and the client looks at it another time.
    if (key === undefined && sent.kind !== 'unsent') return entry
    await sleep(client.random() * PAUSE_MS.retry)
  }
  return entry
}

function verdict(isDone: boolean): Pick<Entry, 'outcome'> {
  return { outcome: isDone ? 'done' : 'refused' }
}

function headersOf({ business, asMember }: Ask, key: string | undefined): Record<string, string> {
  return { ...(asMember && { cookie: business.cookie }), ...(key !== undefined && { 'idempotency-key': key }) }
}
