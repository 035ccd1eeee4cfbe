import type { Sibling, SlotAsk, Snapshot } from '../availability/availability.service.ts'
import { invalidField } from '../shared/app-error.ts'
import type { BookingDeps } from './bookings.service.ts'
import { serve, toRefused, toSibling, type Plan } from './bundle-plan.service.ts'
import type { VisitItem } from './bundle.schemas.ts'
import type { Target } from './new-booking.service.ts'

const MINUTE_MS = 60_000

/** One service of a visit, and what of it is free. */
export type VisitPart = { snapshot: Snapshot; ask: SlotAsk }

/** When one service of a visit begins and ends, and who serves it. */
export type VisitTime = Sibling & { endMs: number; providerId: string }

/**
 * The services of a visit with what of each is free now. The one of them that is asked for twice is read once.
 * @throws {AppError} service.not_found, provider.not_found, request.invalid
 */
export async function readVisit(deps: BookingDeps, organizationId: string, items: VisitItem[]): Promise<VisitPart[]> {
  const { availability } = deps
  const services = [...new Set(items.map(({ service }) => service))]
  const read = async (service: string) => [service, await availability.snapshot(organizationId, service)] as const
  const snapshots = new Map(await Promise.all(services.map(read)))
  return items.flatMap(({ service, provider, duration }) => {
    const snapshot = snapshots.get(service)
    if (!snapshot) return []
    if (snapshot.offer.service.capacity > 1)
      throw invalidField('items', `${snapshot.offer.service.name} is for groups, which are booked by themselves.`)
    return [{ snapshot, ask: availability.askOf(snapshot.offer, { durationMin: duration, providerId: provider }) }]
  })
}

/**
 * The times of a visit that begins at an instant: each service as soon after the one before as it is free, by the same
 * people where they can. Where a later service then finds no time, the ones before wait.
 * @param gapMs  how long people may have to wait between two services, at most
 * @returns undefined when it does not fit
 */
export function visitFrom(
  parts: readonly VisitPart[],
  startMs: number,
  gapMs: number,
  before: readonly VisitTime[] = [],
): VisitTime[] | undefined {
  const part = parts[before.length]
  if (!part) return [...before]
  const last = before.at(-1)
  const found = timeOf(part, startMs, before, last?.providerId)
  if (!found) return undefined
  const times = [...before, found]
  const next = parts[times.length]
  if (!next) return times
  const range = { fromMs: found.endMs, toMs: found.endMs + gapMs + 1 }
  for (const free of next.snapshot.starts({ ...next.ask, ...range }, times)) {
    const whole = visitFrom(parts, free.startMs, gapMs, times)
    if (whole) return whole
  }
  return undefined
}

function timeOf(
  { snapshot, ask }: VisitPart,
  startMs: number,
  before: readonly VisitTime[],
  preferred: string | undefined,
): VisitTime | undefined {
  const { id: serviceId } = snapshot.offer.service
  const look = (providerId: string | undefined) => snapshot.serve({ ...ask, providerId, startMs }, before)
  const isChoice = ask.providerId === undefined && snapshot.offer.providers.some(({ id }) => id === preferred)
  const kept = isChoice ? look(preferred) : undefined
  const start = kept === undefined || typeof kept === 'string' ? look(ask.providerId) : kept
  if (typeof start === 'string') return undefined
  const { providerId, takes } = start
  return { serviceId, providerId, takes, startMs, lengthMin: ask.lengthMin, endMs: startMs + ask.lengthMin * MINUTE_MS }
}

/** Plans a visit as it is to be booked, by the rules for that customer. */
export async function planVisit(
  deps: BookingDeps,
  organizationId: string,
  visit: { items: VisitItem[]; startMs: number; gapMs: number; email: string; fresh: boolean },
): Promise<Plan> {
  const { items, startMs, gapMs, email, fresh } = visit
  const parts = await readVisit(deps, organizationId, items)
  const times = visitFrom(parts, startMs, gapMs)
  if (!times) return { targets: [], refused: [toRefused(startMs, 'taken', nearestTo(parts, startMs, gapMs))] }
  const targets: Target[] = []
  for (const [index, { snapshot, ask }] of parts.entries()) {
    const time = times[index]
    if (!time) continue
    const wanted = {
      ...ask,
      providerId: time.providerId,
      startMs: time.startMs,
      email,
      siblings: targets.map(toSibling),
    }
    const found = await serve(deps, organizationId, { offer: snapshot.offer, ask: wanted, fresh }, undefined)
    if (typeof found === 'string') return { targets: [], refused: [toRefused(time.startMs, found, [])] }
    targets.push(found)
  }
  return { targets, refused: [] }
}

/** Other starts are looked for this far around, and these many are looked at. */
const AROUND_MS = 7 * 86_400_000
const LOOKED_AT = 60

/** Starts near one at which the whole visit fits, the nearest first. */
function nearestTo(parts: readonly VisitPart[], startMs: number, gapMs: number): number[] {
  const [first] = parts
  const range = { fromMs: startMs - AROUND_MS, toMs: startMs + AROUND_MS }
  const near = (first?.snapshot.starts({ ...first.ask, ...range }) ?? [])
    .map((free) => free.startMs)
    .sort((a, b) => Math.abs(a - startMs) - Math.abs(b - startMs))
  const fitting: number[] = []
  for (const otherMs of near.slice(0, LOOKED_AT)) {
    if (visitFrom(parts, otherMs, gapMs)) fitting.push(otherMs)
    if (fitting.length === 3) break
  }
  return fitting
}
