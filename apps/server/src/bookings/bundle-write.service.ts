import { slotRefused } from '../availability/availability.errors.ts'
import type { Statement } from '../db/batch.ts'
import { databaseErrorOf, isTransient } from '../db/errors.ts'
import { newId } from '../shared/id.ts'
import { auditOf, isOutrun, type Booker } from './book.service.ts'
import { toBookingView } from './booking-view.rules.ts'
import { bundleRefused } from './bookings.errors.ts'
import type { BookingCreate, BookingView } from './bookings.schemas.ts'
import type { BookingDeps } from './bookings.service.ts'
import type { Plan } from './bundle-plan.service.ts'
import { insertBundle, type NewBundle } from './bundle.queries.ts'
import { messagesOf, messagesTogether } from './messages.rules.ts'
import { newBookingOf, writeOf, type Target } from './new-booking.service.ts'
import { Outrun, type Write } from './shared-writes.ts'

/** How often a bundle is tried anew, when others were faster. */
const MAX_TRIES = 8

type Search = {
  plan: (fresh: boolean) => Promise<Plan>
  isEnough: (plan: Plan) => boolean
  /** how many times were asked for */
  total: number
}

/**
 * Plans and writes until it holds, or the times are really gone. As with one booking, the first try goes by what is known
 * in memory, and only what was just read may refuse.
 */
export async function writeTogether<Answer>(
  deps: BookingDeps,
  organizationId: string,
  { plan, isEnough, total }: Search,
  make: (plan: Plan) => { answer: Answer; write: Write },
): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const found = await plan(tries > 0)
    if (found.refused.length > 0 && tries === 0) continue
    if (!isEnough(found)) throw bundleRefused(found.refused, total)
    const { answer, write } = make(found)
    try {
      await deps.writes.write(organizationId, write)
      return answer
    } catch (error) {
      if (!(error instanceof Outrun || isOutrun(databaseErrorOf(error)?.code) || isTransient(error))) throw error
      if (tries >= MAX_TRIES) throw slotRefused('taken', [])
    }
  }
}

type Making = {
  bundleId: string
  customer: BookingCreate['customer']
  /** to the questions of the service, by the place of the target */
  answers: (BookingCreate['answers'] | undefined)[]
  booker: Booker
  /** appointments that the customer missed, by the place of the target */
  noShows: number[]
}

type Made = { view: BookingView; booking: Write['bookings'][number] }

/** The bookings of a bundle, with what is told of all of them at once; a request is told of by itself. */
export function bookingsOf(deps: BookingDeps, targets: Target[], making: Making): Made[] {
  const { bundleId, customer, answers, booker, noShows } = making
  const nowMs = deps.clock.nowMs()
  const id = () => newId(nowMs)
  const made = targets.map((target, index) =>
    newBookingOf(deps, target, {
      ...{ id: id(), request: { customer, answers: answers[index] }, actor: booker.actor, bundleId },
      noShows: noShows[index] ?? 0,
    }),
  )
  const confirmed = made.filter(({ kind }) => kind === 'booking.confirmation')
  const together = messagesTogether(
    'booking.confirmation',
    confirmed.map(({ source }) => source),
    id,
  )
  return made.map((one, index) => {
    const { facts, booking, kind, source } = one
    const at = confirmed.indexOf(one)
    const action = kind === 'booking.requested' ? 'booking.requested' : 'booking.created'
    const view = toBookingView(facts, nowMs)
    const detail = { start: view.start, service: targets[index]?.offer.service.slug, bundle: bundleId }
    const messages = at < 0 ? messagesOf(kind, source, id) : (together[at] ?? [])
    const records = { bookingId: booking.id, messages, audit: { ...auditOf(deps, booker.actor), action, detail } }
    return { view, booking: { row: booking, records } }
  })
}

type Together = {
  bundle: NewBundle
  targets: Target[]
  made: Made[]
  remembered: Statement[]
}

/** All that a bundle writes, as one. */
export function toWrite(
  deps: BookingDeps,
  organizationId: string,
  { bundle, targets, made, remembered }: Together,
): Write {
  const writes = targets.flatMap((target, index) => {
    const booking = made[index]?.booking
    if (!booking) return []
    const placed = { owner: { kind: 'booking', id: booking.row.id } as const, booking, statements: [] }
    return [writeOf(deps, organizationId, { target, placed, exceptHold: undefined })]
  })
  return {
    subjects: [...new Set(writes.flatMap(({ subjects }) => subjects))],
    configVersion: Math.min(...targets.map(({ offer }) => offer.configVersion)),
    holdId: undefined,
    first: [insertBundle(organizationId, bundle)],
    statements: [...remembered, ...writes.flatMap((write) => write.statements)],
    claims: writes.flatMap(({ claims }) => claims),
    sessionKey: writes.some(({ sessionKey }) => sessionKey !== undefined) ? bundle.id : undefined,
    limits: writes.flatMap(({ limits }) => limits),
    bookings: made.map(({ booking }) => booking),
  }
}
