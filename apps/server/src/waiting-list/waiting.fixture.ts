import { expect } from 'vitest'
import { openOffice } from '../../test/office.ts'
import { book, TUESDAY } from '../../test/requests.ts'
import type { World } from '../../test/world.ts'
import { Availability } from '../availability/availability.service.ts'
import { SharedWrites } from '../bookings/shared-writes.ts'
import { createLinkSigner } from '../shared/link-token.ts'
import { offerTimes } from './offers.service.ts'
import type { WaitingDeps } from './waiting-list.service.ts'

/** What a worker has that makes offers: nothing of it is shared with the application or another worker. */
function workerOf(world: Pick<World, 'db' | 'clock' | 'config'>): WaitingDeps {
  const { db, clock, config } = world
  return {
    ...{ db, clock, config, availability: new Availability({ db, clock }), writes: new SharedWrites({ db, clock }) },
    links: createLinkSigner(config.secretKey),
    decisions: createLinkSigner(config.secretKey, 'booking decision'),
    wishLinks: createLinkSigner(config.secretKey, 'wish link'),
  }
}

/** A service of Ada's that fills the whole day, so that it has one start a day: at nine. */
export const DAY_LONG = { durationsMin: [480], stepMin: 480, windowDays: 60 }

export const NINE = `${TUESDAY}T09:00:00+01:00`

type Answer = { status: number; body: ReturnType<typeof JSON.parse> }

/** A business whose Tuesday is full, and people who wait for it. */
export async function openWaitingList(world: World, service: object = {}) {
  const office = await openOffice(world)
  const serviceId = await office.addService('day', { ...DAY_LONG, providers: [world.ada.id], ...service })
  const send = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const answer = await world.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const bookDay = async (date = TUESDAY, name = 'First') => {
    const customer = { name, email: `${name.toLowerCase()}@example.com` }
    const { status, body } = await book(world, { service: 'day', start: `${date}T09:00:00+01:00`, customer })
    expect({ status, body }).toMatchObject({ status: 201 })
    return { id: body.booking.id as string, token: body.token as string }
  }
  const wish = async (name: string, changes: object = {}) => {
    const customer = { name, email: `${name.toLowerCase()}@example.com`, timeZone: 'Europe/Berlin', locale: 'en' }
    const asked = { service: 'day', from: TUESDAY, until: TUESDAY, customer, ...changes }
    const { status, body } = await send('POST', `/organizations/${world.slug}/wishes`, asked)
    expect({ status, body }).toMatchObject({ status: 201 })
    // Whoever comes later has come later.
    world.clock.advance(1)
    return { id: body.wish.id as string, token: body.token as string }
  }
  type Link = { id: string; token: string }
  const act = (link: Link, action: string, payload?: object, headers?: Record<string, string>) =>
    send('POST', `/wishes/${link.id}/${action}?token=${link.token}`, payload, headers)
  return {
    ...{ office, serviceId, send, bookDay, wish, act },
    see: async (link: Link) => (await send('GET', `/wishes/${link.id}?token=${link.token}`)).body,
    take: (link: Link, payload: object = {}, headers?: Record<string, string>) => act(link, 'take', payload, headers),
    cancel: async ({ id, token }: Link) => {
      expect(await send('DELETE', `/bookings/${id}?token=${token}`)).toMatchObject({ status: 200 })
    },
    /** Lets the worker look once. */
    sweep: () => offerTimes(workerOf(world), world.organizationId),
    workerOf: (parts: Pick<World, 'db' | 'clock' | 'config'> = world) => workerOf(parts),
    trail: async (id: string) =>
      (
        await world.sql<{ action: string }>(`select action from audit_event where entity_id = $1 order by at, id`, [id])
      ).map(({ action }) => action),
  }
}
