import { expect } from 'vitest'
import { newId } from '../src/shared/id.ts'
import { bookingOf, TUESDAY } from './requests.ts'
import { urlOf, type Scene } from './scene.ts'

/** What a request says besides its operation: parts of the address, the query, the body. */
export type Sample = { params?: Record<string, string>; query?: Record<string, string>; payload?: object }

const NEVER_OFFERED = `${TUESDAY}T03:00:00+01:00`
const DAY = { from: TUESDAY, to: TUESDAY }
const VISIT = [{ service: 'consultation' }, { service: 'consultation' }]
const NO_TOKEN = 'A'.repeat(56)

const ofId = (id: string): Sample => ({ params: { id } })
const byLink = ({ id, token }: { id: string; token: string }): Sample => ({ params: { id }, query: { token } })
const withoutLink = async ({ booking }: Scene): Promise<Sample> => ({
  ...byLink({ ...(await booking()), token: NO_TOKEN }),
})
const withoutWishLink = async ({ offered }: Scene): Promise<Sample> => ({
  ...byLink({ ...(await offered()), token: NO_TOKEN }),
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
  getHold: async ({ hold }) => ofId(await hold()),
  extendHold: async ({ hold }) => ofId(await hold()),
  releaseHold: async ({ hold }) => ofId(await hold()),
  createBooking: ({ world, freeTime }) => ({
    payload: bookingOf({ start: freeTime().start, provider: world.ada.id }),
  }),
  'createBooking: at a time not offered': ({ world, freeTime }) => ({
    payload: bookingOf({ start: atNight(freeTime()), provider: world.ada.id, override: true }),
  }),

  listVisitSlots: () => ({ payload: { items: VISIT, ...DAY } }),
  bookVisit: ({ freeTime }) => ({
    payload: { items: VISIT, start: freeTime().start, gapMin: 120, customer: bookingOf().customer },
  }),
  getBundleByLink: async ({ booking }) => byLink(await booking()),
  'getBundleByLink: without its link': withoutLink,

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

  createWish: ({ unique }) => ({
    payload: {
      ...{ service: 'consultation', from: TUESDAY, until: TUESDAY },
      customer: { name: 'Edith', email: `${unique()}@example.com` },
    },
  }),
  // People wait for a few times at once only.
  wishEarlier: async ({ booking, unique }) => {
    const customer = { name: 'Wanda', email: `${unique()}@example.com` }
    return { ...byLink(await booking({ customer })), payload: {} }
  },
  'wishEarlier: without its link': async (scene) => ({ ...(await withoutLink(scene)), payload: {} }),
  getWish: async ({ wish }) => byLink(await wish()),
  'getWish: without its link': withoutWishLink,
  takeOffer: async ({ offered }) => ({ ...byLink(await offered()), payload: {} }),
  'takeOffer: without its link': async (scene) => ({ ...(await withoutWishLink(scene)), payload: {} }),
  declineOffer: async ({ offered }) => byLink(await offered()),
  'declineOffer: without its link': withoutWishLink,
  withdrawByLink: async ({ wish }) => byLink(await wish()),
  'withdrawByLink: without its link': withoutWishLink,
  listWishes: () => ({}),
  withdrawWish: async ({ wish }) => ofId((await wish()).id),

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
  changeSeats: async ({ party }) => ({ ...ofId((await party()).id), payload: { seats: 1 } }),
  changeSeatsByLink: async ({ party }) => ({ ...byLink(await party()), payload: { seats: 1 } }),
  'changeSeatsByLink: without its link': async (scene) => ({ ...(await withoutLink(scene)), payload: { seats: 1 } }),
  splitBooking: async ({ party }) => {
    const { later, ...booked } = await party()
    return { ...ofId(booked.id), payload: { seats: 1, start: later } }
  },
  splitByLink: async ({ party }) => {
    const { later, ...booked } = await party()
    return { ...byLink(booked), payload: { seats: 1, start: later } }
  },
  'splitByLink: without its link': async (scene) => ({
    ...(await withoutLink(scene)),
    payload: { seats: 1, start: scene.freeTime().later },
  }),
  bookSeries: (scene) => ({ ...service, payload: seriesOf(scene) }),
  getBundle: async (scene) => ofId((await bundleOf(scene)).id),
  cancelBundle: async (scene) => {
    const { id, first } = await bundleOf(scene)
    return { ...ofId(id), payload: { from: first.id, scope: 'all' } }
  },
  moveBundle: async (scene) => {
    const { id, first, later } = await bundleOf(scene)
    return { ...ofId(id), payload: { from: first.id, scope: 'all', start: later } }
  },
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
  eraseCustomer: async (scene) => {
    const { id } = await scene.booking({ customer: { name: 'Nobody Soon', email: `${scene.unique()}@example.com` } })
    const [row] = await scene.world.sql<{ id: string }>(
      `update booking set state = 'cancelled', cancelled_at = now(), cancelled_by = 'customer' where id = $1
       returning customer_id as id`,
      [id],
    )
    return ofId(row?.id ?? '')
  },
  listMessages: () => ({}),
  resendMessage: async ({ world, booking }) => {
    const { id } = await booking()
    const [message] = await world.sql<{ id: string }>(
      `update message set state = 'failed' where id = (select id from message where booking_id = $1 limit 1) returning id`,
      [id],
    )
    return ofId(message?.id ?? '')
  },
  listApiKeys: () => ({}),
  createApiKey: ({ unique }) => ({ payload: { name: unique(), scopes: ['read'], days: 30 } }),
  revokeApiKey: async (scene) => ofId((await scene.apiKey()).id),
  listAuditEvents: () => ({}),
  exportAuditEvents: () => ({}),
}

function seriesOf({ world, freeTime }: Scene, { start } = freeTime()) {
  const { customer } = bookingOf()
  return { start: start.slice(0, 16), rule: 'FREQ=DAILY;COUNT=1', provider: world.ada.id, customer }
}

/** A series of one, and the time to which it can go. */
async function bundleOf(scene: Scene): Promise<{ id: string; first: { id: string }; later: string }> {
  const { world, office, freeTime } = scene
  const times = freeTime()
  const url = urlOf(world, '/services/consultation/series/bookings')
  const payload = seriesOf(scene, times)
  const answer = await world.inject({ method: 'POST', url, headers: office.headers, payload })
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 })
  const { id, bookings } = answer.json<{ id: string; bookings: { id: string }[] }>()
  return { id, first: bookings[0] ?? expect.unreachable('A series has bookings'), later: times.later }
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
