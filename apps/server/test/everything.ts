import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import { operationsOf } from './operations.ts'
import { SAMPLES, type Sample } from './samples.ts'
import { openScene, type Scene } from './scene.ts'
import type { World } from './world.ts'

/** Stands in everything that a customer, or somebody about them, may write. */
export const PRIVATE = 'Xanthippe'
export const PHONE = '+30 700 123 456 789'

const CUSTOMER = { name: PRIVATE, phone: PHONE, timeZone: 'Europe/Athens', locale: 'en' }

/** The scene, with bookings of people who have more to say. */
function privateScene(scene: Scene): Scene {
  let count = 0
  const booking: Scene['booking'] = (changes) =>
    scene.booking({
      ...changes,
      customer: { ...CUSTOMER, email: `${PRIVATE}${count++}@example.com` },
      attendees: [{ name: PRIVATE, email: `with-${PRIVATE}@example.com` }],
    })
  return { ...scene, booking }
}

/** What is written about people, where the operation takes it. */
const WORDS: Record<string, Sample> = {
  cancelBooking: { query: { reason: PRIVATE } },
  cancelMemberBooking: { query: { reason: PRIVATE } },
  declineBooking: { payload: { reason: PRIVATE } },
  declineByLink: { payload: { reason: PRIVATE } },
  updateCustomer: { payload: { name: PRIVATE, email: `new-${PRIVATE}@example.com`, phone: PHONE, notes: PRIVATE } },
}

/** How everything is done, unless it is to succeed. */
export type Doing = {
  ask?: (request: InjectOptions) => Promise<LightMyRequestResponse>
  isExpected?: (status: number) => boolean
}

/** Does everything that the API can do, once, as the owner. */
export async function doEverything(world: World, doing: Doing = {}): Promise<void> {
  const { ask = world.inject, isExpected = (status) => status < 300 } = doing
  const scene = privateScene(await openScene(world))
  for (const { operationId, method, path } of await operationsOf(world)) {
    const { params = {}, query, payload } = (await SAMPLES[operationId]?.(scene)) ?? expect.unreachable(operationId)
    const words = WORDS[operationId]
    const parts: Record<string, string> = { organization: world.slug, ...params }
    const pathname = path.replace(/\{(\w+)\}/g, (_whole, name: string) => parts[name] ?? expect.unreachable(name))
    const body = payload && { payload: { ...ofSomebody(payload, scene.unique()), ...words?.payload } }
    const url = `${pathname}?${new URLSearchParams({ ...query, ...words?.query }).toString()}`
    const answer = await ask({ method, url, headers: scene.office.headers, ...body })
    const seen = { operationId, ok: isExpected(answer.statusCode), body: answer.body }
    expect(seen).toMatchObject({ operationId, ok: true })
  }
}

/** The same request, of somebody with more to say. */
function ofSomebody(payload: object, unique: string): object {
  if (!('customer' in payload)) return payload
  return { ...payload, customer: { name: PRIVATE, email: `${PRIVATE}-${unique}@example.com` } }
}
