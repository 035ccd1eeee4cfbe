import { refusalMessage } from '../availability/availability.errors.ts'
import type { Sibling, StartAsk, StartOffer } from '../availability/availability.service.ts'
import type { RefusedTime } from '../shared/app-error.ts'
import { toInstantText } from '../shared/clock.ts'
import type { BookingDeps } from './bookings.service.ts'
import type { Target } from './new-booking.service.ts'

const MINUTE_MS = 60_000

/** Free times that are looked at around one that is not, and those of them that are told. */
const NEAREST_LOOKED_AT = 12
const NEAREST_TOLD = 3

type Offer = Awaited<ReturnType<BookingDeps['availability']['offerOf']>>
type Reason = Extract<Awaited<ReturnType<BookingDeps['availability']['check']>>, string>

/** What is to be booked together, and what cannot be had. */
export type Plan = { targets: Target[]; refused: RefusedTime[] }

/** One of several appointments that one customer is to have. */
export type PlanAsk = { offer: Offer; ask: StartAsk; fresh: boolean }

/** The times of a series, and what of them is asked for. */
export type SeriesAsk = {
  offer: Offer
  startsMs: number[]
  wanted: Pick<StartAsk, 'lengthMin' | 'seats' | 'providerId' | 'email'>
  /** take the nearest free time for each that is not free */
  nearest: boolean
  /** ask the database for what is taken; otherwise what is known is good enough to try with */
  fresh: boolean
}

/** Finds who can serve each time of a series: whoever serves the first, as often as they can. */
export async function planSeries(deps: BookingDeps, organizationId: string, series: SeriesAsk): Promise<Plan> {
  const { offer, startsMs, wanted, nearest, fresh } = series
  const targets: Target[] = []
  const refused: RefusedTime[] = []
  const lookAt = (startMs: number) => {
    const ask = { ...wanted, startMs, siblings: targets.map(toSibling) }
    return serve(deps, organizationId, { offer, ask, fresh }, targets[0]?.providerId)
  }
  for (const startMs of startsMs) {
    const found = await lookAt(startMs)
    if (typeof found !== 'string') {
      targets.push(found)
      continue
    }
    const near = await freeAround(deps, organizationId, { series, startMs, targets })
    refused.push(toRefused(startMs, found, near))
    for (const otherMs of nearest ? near : []) {
      const other = await lookAt(otherMs)
      if (typeof other === 'string') continue
      targets.push(other)
      break
    }
  }
  return { targets: targets.sort((a, b) => a.startMs - b.startMs), refused }
}

/** Who serves one of several appointments; whoever is preferred, if they are free. */
export async function serve(
  { availability }: BookingDeps,
  organizationId: string,
  { offer, ask, fresh }: PlanAsk,
  preferred: string | undefined,
): Promise<Target | Reason> {
  const look = (providerId: string | undefined) =>
    availability.check(organizationId, offer, { ...ask, providerId }, fresh)
  const isChoice = ask.providerId === undefined && preferred !== undefined
  const kept = isChoice && offer.providers.some(({ id }) => id === preferred) ? await look(preferred) : undefined
  const start = kept === undefined || typeof kept === 'string' ? await look(ask.providerId) : kept
  return typeof start === 'string' ? start : toTarget(offer, ask, start)
}

function toTarget(offer: Offer, ask: StartAsk, start: StartOffer): Target {
  const { startMs, lengthMin, seats } = ask
  return { offer, start, providerId: start.providerId, startMs, endMs: startMs + lengthMin * MINUTE_MS, seats }
}

/** What is already planned, for whatever else is looked for. */
export function toSibling({ offer, start, startMs, endMs }: Target): Sibling {
  return { serviceId: offer.service.id, startMs, lengthMin: (endMs - startMs) / MINUTE_MS, takes: start.takes }
}

/** Free times near one that is not, the nearest first. None is another time of the series. */
async function freeAround(
  { availability }: BookingDeps,
  organizationId: string,
  { series, startMs, targets }: { series: SeriesAsk; startMs: number; targets: Target[] },
): Promise<number[]> {
  const { offer, wanted, startsMs } = series
  const ask = { ...wanted, startMs, siblings: targets.map(toSibling) }
  const lengthMs = wanted.lengthMin * MINUTE_MS
  const others = [...startsMs, ...targets.map((target) => target.startMs)].filter((other) => other !== startMs)
  const found = await availability.alternatives(organizationId, offer.service.id, ask, NEAREST_LOOKED_AT)
  return found
    .map(({ start }) => Date.parse(start))
    .filter((ms) => others.every((other) => Math.abs(ms - other) >= lengthMs))
    .sort((a, b) => Math.abs(a - startMs) - Math.abs(b - startMs))
}

/** A time that cannot be had, as it is told. */
export function toRefused(startMs: number, reason: Reason, nearMs: number[]): RefusedTime {
  const alternatives = nearMs.slice(0, NEAREST_TOLD).map((ms) => toInstantText(ms))
  return { start: toInstantText(startMs), reason, message: refusalMessage(reason), alternatives }
}
