import { listSlots } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { m } from '#lib/paraglide/messages.js'
import { nowMs } from '#lib/time/calendar.ts'
import { localDate } from '#lib/time/dates.ts'
import { timeText } from '#lib/time/format.ts'
import type { Ask } from './ask.ts'
import { findHold, isFor, readKept, showKept, type Visit } from './kept-time.ts'
import { nearestStarts } from './nearest.ts'
import { findReason, reasonText } from './reasons.ts'

/** What the form says of its time; its texts are made on the server, so that browsers get one language. */
export type Place = {
  /** what is true of the time */
  text: string
  /** what keeps it, or keeps it for longer */
  button: string
} & (
  | { state: 'kept'; leftMs: number; canExtend: boolean; soon: string; view: string }
  /** free for everybody: the visitor came by its address alone, or took longer than it was kept */
  | { state: 'free' }
  | { state: 'taken'; nearest: string[] }
)

type Wanted = { service: string; start: string; startMs: number; ask: Ask }
type Found = {
  place: Place
  /** who may serve it */
  providers: string[]
}

/** Whether a time is kept for the visitor, or free for everybody, or why it is not, and which are. */
export async function findPlace(visit: Visit & { locals: { locale: string } }, wanted: Wanted): Promise<Found> {
  const { startMs, ask } = wanted
  const mine = readKept(visit)
  const isMine = mine?.startMs === startMs
  const hold = isMine ? await findHold(visit, mine) : undefined
  if (isMine && hold && isFor(hold, ask)) {
    const { view } = showKept(visit, mine)
    const until = timeText(hold.expiresAt, ask.timeZone, visit.locals.locale)
    const leftMs = Date.parse(hold.expiresAt) - nowMs()
    const texts = {
      text: m.public_hold_kept({ time: until }),
      soon: m.public_hold_soon(),
      button: m.public_hold_longer(),
    }
    return { place: { state: 'kept', leftMs, canExtend: hold.canExtend, view, ...texts }, providers: [hold.provider] }
  }
  const providers = await freeProviders(visit, wanted)
  const button = m.public_hold_keep()
  if (providers)
    return { place: { state: 'free', text: isMine ? m.public_hold_lapsed() : m.public_hold_free(), button }, providers }
  return { place: { ...(await explain(visit, wanted, isMine)), state: 'taken', button }, providers: [] }
}

async function freeProviders({ locals, params }: Visit, { service, startMs, ask }: Wanted) {
  const date = localDate(startMs, ask.timeZone)
  const path = { organization: params.organization, service }
  const query = { from: date, to: date, ...queryOf(ask) }
  const { days } = need(await listSlots({ client: locals.api, path, query }))
  return days.flatMap(({ slots }) => slots).find((free) => Date.parse(free.start) === startMs)?.providers
}

async function explain({ locals, params }: Visit, wanted: Wanted, wasKept: boolean) {
  const { service, start, startMs, ask } = wanted
  const path = { organization: params.organization, service }
  const { timeZone, ...query } = queryOf(ask)
  const reason = wasKept ? undefined : await findReason(locals.api, { path, query: { start, ...query } })
  const today = localDate(nowMs(), timeZone)
  const nearest = await nearestStarts({ api: locals.api, path, ask, startMs, today })
  return { text: reason ? reasonText(reason) : m.public_not_free_now(), nearest }
}

function queryOf({ timeZone, durationMin, seats, providerId }: Ask) {
  return { timeZone, duration: durationMin, seats, ...(providerId !== undefined && { provider: providerId }) }
}
