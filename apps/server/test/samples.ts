import { expect } from 'vitest'
import { createLinkSigner } from '../src/shared/link-token.ts'
import { newId } from '../src/shared/id.ts'
import { openOffice } from './office.ts'
import { bookingOf, TUESDAY } from './requests.ts'
import type { World } from './world.ts'

/** What a request says besides its operation: parts of the address, the query, the body. */
export type Sample = { params?: Record<string, string>; query?: Record<string, string>; payload?: object }

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
  /** a booking whose appointment goes on right now */
  running: () => Promise<Booked>
  hold: () => Promise<string>
  /** Ada's schedule, which is Ben's, too */
  scheduleId: string
}

/** Long enough for all that are made. */
const MONTHS_AHEAD = { windowDays: 200 }

export async function openScene(world: World): Promise<Scene> {
  const office = await openOffice(world)
  const onRequest = await office.addService(`on-request-${newId(world.clock.nowMs()).slice(-12)}`, {
    ...{ durationsMin: [30], stepMin: 30, approval: 'blocking', providers: [world.ada.id, world.ben.id] },
    ...MONTHS_AHEAD,
  })
  await office.patchService(world.consultation.id, MONTHS_AHEAD)
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
  return {
    ...{ world, office, freeTime, booking, scheduleId: ada?.schedule_id ?? '' },
    unique: () => `x${count++}`,
    request: async () => {
      const booked = await booking({ service: onRequest })
      const link = { organizationId: world.organizationId, bookingId: booked.id, version: 1 }
      return { ...booked, decision: signer.sign(link) }
    },
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
    hold: async () => {
      const payload = { service: 'consultation', start: freeTime().start, provider: world.ada.id }
      const answer = await world.inject({ method: 'POST', url: urlOf(world, '/holds'), payload })
      expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 })
      return answer.json<{ id: string }>().id
    },
  }
}

const urlOf = (world: World, path: string) => `/api/v1/organizations/${world.slug}${path}`

/** A time of the clocks of Berlin on one of the working days from Tuesday on, which change at the end of March. */
function timeOn(workingDay: number, hour: number): string {
  const sinceMonday = workingDay + 1
  const days = Math.floor(sinceMonday / 5) * 7 + (sinceMonday % 5) - 1
  const date = new Date(Date.parse(`${TUESDAY}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  return `${date}T${String(hour).padStart(2, '0')}:00:00+${date < '2026-03-29' ? '01' : '02'}:00`
}

const NEVER_OFFERED = `${TUESDAY}T03:00:00+01:00`
const DAY = { from: TUESDAY, to: TUESDAY }
const NO_TOKEN = 'A'.repeat(56)

const ofId = (id: string): Sample => ({ params: { id } })
const byLink = ({ id, token }: { id: string; token: string }): Sample => ({ params: { id }, query: { token } })
const withoutLink = async ({ booking }: Scene): Promise<Sample> => ({
  ...byLink({ ...(await booking()), token: NO_TOKEN }),
})
const service: Sample = { params: { service: 'consultation' } }
const moved = async ({ booking }: Scene) => {
  const { later, ...booked } = await booking()
  return { booked, payload: { start: later } }
}
const decided = async ({ request }: Scene) => {
  const { id, decision } = await request()
  return byLink({ id, token: decision })
}

/** A request in order for every line of the table of permissions. */
export const SAMPLES: Record<string, (scene: Scene) => Sample | Promise<Sample>> = {
  getOrganization: () => ({}),
  updateOrganization: ({ unique }) => ({ payload: { name: unique() } }),
  createOrganization: ({ unique }) => ({
    payload: { slug: unique(), name: 'New', timeZone: 'Europe/Berlin', locale: 'en', currency: 'EUR' },
  }),
  getMe: () => ({}),

  listServices: () => ({}),
  getService: () => service,
  createService: ({ world, unique }) => {
    const slug = unique()
    return { payload: { slug, name: slug, durationsMin: [30], providers: [world.ada.id] } }
  },
  updateService: ({ world, unique }) => ({ params: { service: world.course.id }, payload: { description: unique() } }),
  deleteService: async ({ world, office, unique }) => {
    const id = await office.addService(unique(), { durationsMin: [30], providers: [world.ada.id] })
    return { params: { service: id } }
  },
  getRequirements: ({ world }) => ({ params: { service: world.course.id } }),
  putRequirements: ({ world }) => ({
    params: { service: world.course.id },
    payload: {
      segments: [
        {
          lengthMin: null,
          requirements: [
            {
              ...{ kind: 'provider', count: 1, assign: 'in_order', fairDays: 30 },
              subjects: [{ id: world.ada.id, weight: 1, priority: 0 }],
            },
          ],
        },
      ],
    },
  }),

  listSlots: () => ({ ...service, query: DAY }),
  'listSlots: to move a booking': async ({ booking }) => ({
    ...service,
    query: { ...DAY, rescheduling: (await booking()).id },
  }),
  explainStart: () => ({ ...service, query: { start: NEVER_OFFERED } }),
  previewSeries: () => ({ ...service, payload: { start: `${TUESDAY}T10:00`, rule: 'FREQ=WEEKLY;COUNT=2' } }),

  createHold: ({ world, freeTime }) => ({
    payload: { service: 'consultation', start: freeTime().start, provider: world.ada.id },
  }),
  extendHold: async ({ hold }) => ofId(await hold()),
  releaseHold: async ({ hold }) => ofId(await hold()),
  createBooking: ({ world, freeTime }) => ({
    payload: bookingOf({ start: freeTime().start, provider: world.ada.id }),
  }),
  'createBooking: at a time not offered': ({ world, freeTime }) => ({
    payload: bookingOf({ start: atNight(freeTime()), provider: world.ada.id, override: true }),
  }),

  getBooking: async ({ booking }) => byLink(await booking()),
  'getBooking: without its link': withoutLink,
  getBookingCalendar: async ({ booking }) => byLink(await booking()),
  'getBookingCalendar: without its link': withoutLink,
  rescheduleBooking: async (scene) => {
    const { booked, payload } = await moved(scene)
    return { ...byLink(booked), payload }
  },
  'rescheduleBooking: without its link': async (scene) => ({
    ...(await withoutLink(scene)),
    payload: { start: scene.freeTime().start },
  }),
  cancelBooking: async ({ booking }) => byLink(await booking()),
  'cancelBooking: without its link': withoutLink,
  getRequest: decided,
  // The customer has a link, too: it does not decide.
  'getRequest: without its link': async ({ request }) => byLink(await request()),
  approveByLink: decided,
  'approveByLink: without its link': async ({ request }) => byLink(await request()),
  declineByLink: async (scene) => ({ ...(await decided(scene)), payload: {} }),
  'declineByLink: without its link': async ({ request }) => ({ ...byLink(await request()), payload: {} }),

  listBookings: () => ({}),
  getMemberBooking: async ({ booking }) => ofId((await booking()).id),
  moveBooking: async (scene) => {
    const { booked, payload } = await moved(scene)
    return { ...ofId(booked.id), payload }
  },
  'moveBooking: to a time not offered': async ({ booking }) => {
    const { id, ...times } = await booking()
    return { ...ofId(id), payload: { start: atNight(times), override: true } }
  },
  cancelMemberBooking: async ({ booking }) => ofId((await booking()).id),
  approveBooking: async ({ request }) => ofId((await request()).id),
  declineBooking: async ({ request }) => ({ ...ofId((await request()).id), payload: {} }),
  checkInBooking: async ({ running }) => ofId((await running()).id),
  completeBooking: async ({ running }) => ofId((await running()).id),
  missBooking: async ({ running }) => ofId((await running()).id),
  reassignBooking: async ({ world, booking }) => ({
    ...ofId((await booking()).id),
    payload: { provider: world.ben.id },
  }),

  listProviders: () => ({}),
  createProvider: ({ unique }) => ({ payload: { name: unique() } }),
  updateProvider: ({ world, unique }) => ({ ...ofId(world.ada.id), payload: { title: unique() } }),
  reassignProvider: ({ world }) => ({
    ...ofId(world.ada.id),
    payload: { from: '2026-03-02T00:00:00Z', to: '2026-03-02T01:00:00Z' },
  }),
  listResources: () => ({}),
  createResource: ({ unique }) => ({ payload: { name: unique() } }),
  updateResource: ({ world, unique }) => ({ ...ofId(world.rooms.id), payload: { name: unique() } }),
  previewImpact: ({ world }) => ({ payload: { provider: { id: world.ben.id, active: false } } }),
  listLocations: () => ({}),
  createLocation: ({ unique }) => ({ payload: { kind: 'phone', name: unique() } }),
  updateLocation: async ({ world, unique }) => {
    const id = newId(world.clock.nowMs())
    await world.sql(`insert into location (organization_id, id, kind, name) values ($1, $2, 'phone', 'Phone')`, [
      world.organizationId,
      id,
    ])
    return { ...ofId(id), payload: { name: unique() } }
  },
  listSchedules: () => ({}),
  getSchedule: ({ scheduleId }) => ofId(scheduleId),
  createSchedule: ({ unique }) => ({ payload: { name: unique(), timeZone: 'Europe/Berlin', weekly: [] } }),
  updateSchedule: ({ scheduleId, unique }) => ({ ...ofId(scheduleId), payload: { name: unique() } }),
  'updateSchedule: of the provider alone': async ({ world, office, unique }) => {
    const id = await office.addSchedule({ name: unique(), weekly: [{ weekday: 1, startMin: 540, endMin: 1020 }] })
    await world.sql(
      `update provider p set schedule_id = $1 from member m where m.role = 'provider' and m.provider_id = p.id`,
      [id],
    )
    return { ...ofId(id), payload: { name: unique() } }
  },

  listHolidayCountries: () => ({}),
  previewHolidays: () => ({ query: { country: 'DE', year: '2026' } }),
  listProviderTimeOff: ({ world }) => ofId(world.ada.id),
  createProviderTimeOff: ({ world }) => ({ ...ofId(world.ada.id), payload: timeOff }),
  'createProviderTimeOff: of the provider': ({ world }) => ({ ...ofId(world.ben.id), payload: timeOff }),
  listResourceTimeOff: ({ world }) => ofId(world.rooms.id),
  createResourceTimeOff: ({ world }) => ({ ...ofId(world.rooms.id), payload: timeOff }),
  updateTimeOff: async (scene) => ({ ...ofId(await timeOffOf(scene, scene.world.ada)), payload: { durationMin: 30 } }),
  'updateTimeOff: of the provider': async (scene) => ({
    ...ofId(await timeOffOf(scene, scene.world.ben)),
    payload: { durationMin: 30 },
  }),
  deleteTimeOff: async (scene) => ofId(await timeOffOf(scene, scene.world.ada)),
  'deleteTimeOff: of the provider': async (scene) => ofId(await timeOffOf(scene, scene.world.ben)),

  listCustomers: () => ({}),
  getCustomer: async (scene) => ofId(await customerOf(scene)),
  updateCustomer: async (scene) => ({ ...ofId(await customerOf(scene)), payload: { notes: scene.unique() } }),
  listMessages: () => ({}),
  resendMessage: async ({ world, booking }) => {
    const { id } = await booking()
    const [message] = await world.sql<{ id: string }>(
      `update message set state = 'failed' where id = (select id from message where booking_id = $1 limit 1) returning id`,
      [id],
    )
    return ofId(message?.id ?? '')
  },
  listAuditEvents: () => ({}),
  exportAuditEvents: () => ({}),
}

/** The same day and hour, but at night. */
const atNight = ({ start }: { start: string }) =>
  start.replace(/T(\d\d)/, (_time, hour: string) => `T0${Number(hour) % 8}`)

/** At a time when nobody works anyhow. */
const timeOff = { startsAt: '2026-04-04T09:00', timeZone: 'Europe/Berlin', durationMin: 60 }

async function timeOffOf({ world, office }: Scene, { id }: { id: string }): Promise<string> {
  const url = urlOf(world, `/providers/${id}/time-off`)
  const answer = await world.inject({ method: 'POST', url, headers: office.headers, payload: timeOff })
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 })
  return answer.json<{ id: string }>().id
}

async function customerOf({ world, booking }: Scene): Promise<string> {
  const { id } = await booking()
  const [row] = await world.sql<{ id: string }>(`select customer_id as id from booking where id = $1`, [id])
  return row?.id ?? ''
}
