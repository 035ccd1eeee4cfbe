import { listSlots, type Client } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { addDays, localDate } from '#lib/time/dates.ts'
import type { Ask } from './ask.ts'

const DAYS_AROUND = 7
const TOLD = 4

type Search = {
  api: Client
  path: { organization: string; service: string }
  ask: Ask
  startMs: number
  /** nothing is free before */
  today: string
}

/** The free starts nearest to one that is not, in the order of the clock. */
export async function nearestStarts({ api, path, ask, startMs, today }: Search): Promise<string[]> {
  const date = localDate(startMs, ask.timeZone)
  const first = addDays(date, -DAYS_AROUND)
  const from = first < today ? today : first
  const to = addDays(date < from ? from : date, DAYS_AROUND)
  const { timeZone, durationMin: duration, seats, providerId } = ask
  const query = { from, to, timeZone, duration, seats, ...(providerId !== undefined && { provider: providerId }) }
  const { days } = need(await listSlots({ client: api, path, query }))
  const distance = (start: string) => Math.abs(Date.parse(start) - startMs)
  return days
    .flatMap(({ slots }) => slots.map(({ start }) => start))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, TOLD)
    .sort((a, b) => Date.parse(a) - Date.parse(b))
}
