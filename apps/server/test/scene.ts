import { expect } from 'vitest'
import { createLinkSigner } from '../src/shared/link-token.ts'
import { newId } from '../src/shared/id.ts'
import { addApiKey, openOffice } from './office.ts'
import { bookingOf, TUESDAY } from './requests.ts'
import type { World } from './world.ts'

type Booked = { id: string; token: string; start: string; later: string }

/** Makes requests that are in order, each about something of its own, so that none stands in the way of another. */
export type Scene = {
  world: World
  office: Awaited<ReturnType<typeof openOffice>>
  /** a text that no other request has */
  unique: () => string
  /** a time at which Ada is free, and one later that day */
  freeTime: () => { start: string; later: string }
  booking: (changes?: Record<string, unknown>) => Promise<Booked>
  /** a booking that waits for approval, with the token by which it is decided */
  request: () => Promise<Booked & { decision: string }>
  /** a booking of the course for two people */
  party: () => Promise<Booked>
  /** a booking whose appointment goes on right now */
  running: () => Promise<Booked>
  hold: () => Promise<string>
  apiKey: () => Promise<{ id: string }>
  /** a wish, with its link */
  wish: () => Promise<{ id: string; token: string }>
  /** a wish with an offer that is open */
  offered: () => Promise<{ id: string; token: string }>
  /** Ada's schedule, which is Ben's, too */
  scheduleId: string
}

/** Long enough for all that are made. */
const MONTHS_AHEAD = { windowDays: 380 }

export async function openScene(world: World): Promise<Scene> {
  const office = await openOffice(world)
  const onRequest = await office.addService(`on-request-${newId(world.clock.nowMs()).slice(-12)}`, {
    ...{ durationsMin: [30], stepMin: 30, approval: 'blocking', providers: [world.ada.id, world.ben.id] },
    ...MONTHS_AHEAD,
  })
  await office.patchService(world.consultation.id, MONTHS_AHEAD)
  await office.patchService(world.course.id, MONTHS_AHEAD)
  const signer = createLinkSigner(world.config.secretKey, 'booking decision')
  const [ada] = await world.sql<{ schedule_id: string }>(
    `select schedule_id from provider where id = '${world.ada.id}'`,
  )
  let count = 0
  const freeTime = () => {
    const day = Math.floor(count / 4)
    const hour = 9 + 2 * (count++ % 4)
    return { start: timeOn(day, hour), later: timeOn(day, hour + 1) }
  }
  const booking = async (changes: Record<string, unknown> = {}) => {
    const times = freeTime()
    const payload = bookingOf({ start: times.start, provider: world.ada.id, ...changes })
    const answer = await world.inject({ method: 'POST', url: urlOf(world, '/bookings'), payload })
    expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 })
    const body = answer.json<{ booking: { id: string }; token: string }>()
    return { id: body.booking.id, token: body.token, ...times }
  }
  const wish = async () => {
    const customer = { name: 'Edith', email: `edith${count++}@example.com` }
    const payload = { service: 'consultation', from: TUESDAY, until: TUESDAY, customer }
    const answer = await world.inject({ method: 'POST', url: urlOf(world, '/wishes'), payload })
    expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 })
    const { wish: wished, token } = answer.json<{ wish: { id: string }; token: string }>()
    return { id: wished.id, token }
  }
  return {
    ...{ world, office, freeTime, booking, scheduleId: ada?.schedule_id ?? '' },
    unique: () => `x${count++}`,
    request: async () => {
      const booked = await booking({ service: onRequest })
      const link = { organizationId: world.organizationId, bookingId: booked.id, version: 1 }
      return { ...booked, decision: signer.sign(link) }
    },
    party: () => booking({ service: 'course', seats: 2 }),
    running: async () => {
      const booked = await booking()
      const at = new Date(world.clock.nowMs()).toISOString()
      await world.sql(
        `update booking set starts_at = $2::timestamptz - interval '5 min', ends_at = $2::timestamptz + interval '5 min'
         where id = $1`,
        [booked.id, at],
      )
      return booked
    },
    apiKey: () => addApiKey(world, office.headers),
    hold: async () => {
      const payload = { service: 'consultation', start: freeTime().start, provider: world.ada.id }
      const answer = await world.inject({ method: 'POST', url: urlOf(world, '/holds'), payload })
      expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 })
      return answer.json<{ id: string }>().id
    },
    wish,
    offered: async () => {
      const wished = await wish()
      const { start } = freeTime()
      const payload = { service: 'consultation', start, provider: world.ada.id }
      const answer = await world.inject({ method: 'POST', url: urlOf(world, '/holds'), payload })
      await world.sql(`update wish set state = 'offered' where id = $1`, [wished.id])
      await world.sql(
        `insert into wish_offer (organization_id, id, wish_id, hold_id, provider_id, starts_at, ends_at, offered_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $6::timestamptz + interval '30 min', $7, $8)`,
        [
          ...[world.organizationId, newId(world.clock.nowMs()), wished.id, answer.json<{ id: string }>().id],
          ...[world.ada.id, start, new Date(world.clock.nowMs()).toISOString()],
          new Date(world.clock.nowMs() + 60_000).toISOString(),
        ],
      )
      return wished
    },
  }
}

/** The address of what belongs to the world's business. */
export const urlOf = (world: World, path: string) => `/api/v1/organizations/${world.slug}${path}`

/** A time of the clocks of Berlin on one of the working days from Tuesday on, which change at the ends of March and October. */
function timeOn(workingDay: number, hour: number): string {
  const sinceMonday = workingDay + 1
  const days = Math.floor(sinceMonday / 5) * 7 + (sinceMonday % 5) - 1
  const date = new Date(Date.parse(`${TUESDAY}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  const isSummer = date >= '2026-03-29' && date < '2026-10-25'
  return `${date}T${String(hour).padStart(2, '0')}:00:00+${isSummer ? '02' : '01'}:00`
}
