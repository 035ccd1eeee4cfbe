import { expect, test } from 'vitest'
import { operationsOf, type Operation } from '../../test/operations.ts'
import { fingerprint } from '../../test/requests.ts'
import { openScene } from '../../test/scene.ts'
import { createWorld, type World } from '../../test/world.ts'
import { createLinkSigner } from '../shared/link-token.ts'

const DAYS_MS = 86_400_000

/** What each of them needs besides the link. */
const PAYLOADS: Record<string, object> = {
  rescheduleBooking: { start: '2026-03-09T15:00:00+01:00' },
  changeSeatsByLink: { seats: 1 },
  splitByLink: { seats: 1, start: '2026-03-09T15:00:00+01:00' },
  declineByLink: {},
  wishEarlier: {},
}

/** Those by which providers decide about requests; the others are the customer's. */
const DECISIONS = ['getRequest', 'approveByLink', 'declineByLink']

async function linkOperations(world: World): Promise<Operation[]> {
  const found = (await operationsOf(world)).filter(({ path }) => path.startsWith('/api/v1/bookings/{id}'))
  expect(found.length).toBeGreaterThan(6)
  return found
}

async function send(world: World, { operationId, method, path }: Operation, id: string, token: string) {
  const payload = PAYLOADS[operationId]
  const url = `${path.replace('{id}', id)}?token=${encodeURIComponent(token)}`
  const answer = await world.inject({ method, url, ...(payload && { payload }) })
  return answer.statusCode
}

test('no operation takes a token that was forged, revoked, or made for something else; nor does it change anything', async () => {
  await using world = await createWorld()
  const scene = await openScene(world)
  const { organizationId, config } = world
  const other = await world.addBusiness('other')
  const mine = await scene.request()
  const another = await scene.request()
  const before = await fingerprint(world)
  for (const operation of await linkOperations(world)) {
    const { operationId } = operation
    const [own, foreign] = (['booking link', 'booking decision'] as const).toSorted((purpose) =>
      (purpose === 'booking decision') === DECISIONS.includes(operationId) ? -1 : 1,
    )
    const link = { organizationId, bookingId: mine.id, version: 1 }
    const signer = createLinkSigner(config.secretKey, own)
    const good = signer.sign(link)
    const last = good.endsWith('A') ? 'B' : 'A'
    const tokens = {
      'is empty': '',
      'is a guess': 'A'.repeat(good.length),
      'has one other character': good.slice(0, -1) + last,
      'is too short': good.slice(0, -4),
      'is too long': `${good}AAAA`,
      'is of another booking': signer.sign({ ...link, bookingId: another.id }),
      'is of another organization': signer.sign({ ...link, organizationId: other.organizationId }),
      'was revoked': signer.sign({ ...link, version: 0 }),
      'is of a later version': signer.sign({ ...link, version: 2 }),
      'is for the other purpose': createLinkSigner(config.secretKey, foreign).sign(link),
      'is of another installation': createLinkSigner(`${config.secretKey}.`, own).sign(link),
    }
    for (const [what, token] of Object.entries(tokens)) {
      const status = await send(world, operation, mine.id, token)
      expect({ operationId, what, status }).toEqual({ operationId, what, status: token === '' ? 400 : 403 })
    }
  }
  expect(await fingerprint(world)).toBe(before)
})

test('every operation takes the token made for it until thirty days after the appointment, and no longer', async () => {
  for (const [days, statuses] of [
    [29, [200, 409]],
    [31, [410]],
  ] as const) {
    await using world = await createWorld()
    const { request } = await openScene(world)
    for (const operation of await linkOperations(world)) {
      const { id, token, decision, start } = await request()
      const now = world.clock.nowMs()
      world.clock.set(new Date(Date.parse(start) + days * DAYS_MS).toISOString())
      const { operationId } = operation
      const status = await send(world, operation, id, DECISIONS.includes(operationId) ? decision : token)
      expect({ operationId, days, status }).toEqual({ operationId, days, status: expect.toBeOneOf([...statuses]) })
      world.clock.advance(now - world.clock.nowMs())
    }
  }
})
