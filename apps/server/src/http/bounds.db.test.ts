import { describe, expect, test } from 'vitest'
import { operationsOf, type Operation } from '../../test/operations.ts'
import { SAMPLES } from '../../test/samples.ts'
import { openScene } from '../../test/scene.ts'
import { sharedWorld, type World } from '../../test/world.ts'

const ID = '00000000-0000-7000-8000-000000000000'

const urlOf = ({ path }: Operation, id = ID) =>
  path.replace('{organization}', 'practice').replace('{service}', 'consultation').replace('{id}', id)

/** Lists come in pages: they say where the next one begins. */
function isList({ responses }: Operation): boolean {
  const schema = responses['200']?.content?.['application/json']?.schema
  return JSON.stringify(schema ?? '').includes('"nextCursor"')
}

/** The lists, each of something that is there. */
async function listsOf(world: World): Promise<(Operation & { url: string })[]> {
  const scene = await openScene(world)
  const lists = (await operationsOf(world)).filter(isList)
  return Promise.all(
    lists.map(async (operation) => {
      const sample = (await SAMPLES[operation.operationId]?.(scene)) ?? expect.unreachable(operation.operationId)
      return { ...operation, url: urlOf(operation, sample.params?.['id']) }
    }),
  )
}

describe('every list', () => {
  const shared = sharedWorld()

  test('has pages of fifty, or of as many as are asked for, up to two hundred', async () => {
    const world = shared()
    const headers = await world.signIn('owner')
    const lists = await listsOf(world)
    expect(lists.length).toBeGreaterThan(8)
    for (const { operationId, url, parameters = [] } of lists) {
      const limit = parameters.find(({ name }) => name === 'limit')?.schema
      expect({ operationId, limit }).toMatchObject({ operationId, limit: { minimum: 1, maximum: 200, default: 50 } })
      const ask = async (text: string) => {
        const answer = await world.inject({ url: `${url}?limit=${text}`, headers })
        return { operationId, text, status: answer.statusCode }
      }
      for (const text of ['1', '200']) expect(await ask(text)).toEqual({ operationId, text, status: 200 })
      for (const text of ['0', '201', '-1', '1.5', 'all', '', '1e9'])
        expect(await ask(text)).toEqual({ operationId, text, status: 400 })
    }
  })

  test('gives whole pages and no more than was asked for', async () => {
    const world = shared()
    const headers = await world.signIn('owner')
    for (const name of ['a', 'b', 'c']) {
      const url = `/api/v1/organizations/${world.slug}/resources`
      expect((await world.inject({ method: 'POST', url, headers, payload: { name } })).statusCode).toBe(201)
    }
    const sizes: Record<string, number> = {}
    for (const { operationId, url } of await listsOf(world)) {
      const answer = await world.inject({ url: `${url}?limit=1`, headers })
      sizes[operationId] = answer.json<{ items: object[] }>().items.length
    }
    expect(Object.values(sizes).every((size) => size <= 1)).toBe(true)
    expect(sizes).toMatchObject({ listResources: 1, listServices: 1, listProviders: 1, listAuditEvents: 1 })
  })
})

describe('every operation', () => {
  const limited = sharedWorld({ rateLimit: 'on' })

  test('is counted against the limit of its visitor, be it fulfilled or refused', async () => {
    const world = limited()
    // The document counts, too, and is asked for by somebody else.
    const elsewhere: Pick<World, 'inject'> = {
      inject: (request) => world.inject({ ...request, remoteAddress: '192.0.2.8' }),
    }
    const left: unknown[] = []
    for (const operation of await operationsOf(elsewhere)) {
      const { headers } = await world.inject({ method: operation.method, url: urlOf(operation) })
      left.push(headers['x-ratelimit-remaining'])
    }
    expect(left.length).toBeGreaterThan(35)
    expect(left).toEqual(left.map((_left, index) => String(599 - index)))
  })

  const shared = sharedWorld()

  test('that takes a body refuses one larger than it reads, however it is sent', async () => {
    const world = shared()
    const headers = { ...(await world.signIn('owner')), 'content-type': 'application/json' }
    const payload = JSON.stringify({ name: 'x'.repeat(256 * 1024) })
    const taking = (await operationsOf(world)).filter(({ requestBody }) => requestBody)
    expect(taking.length).toBeGreaterThan(20)
    for (const operation of taking) {
      const { operationId, method } = operation
      const answer = await world.inject({ method, url: urlOf(operation), headers, payload })
      expect({ operationId, status: answer.statusCode, code: answer.json<{ code: string }>().code }).toEqual({
        ...{ operationId, status: 413, code: 'request.too_large' },
      })
    }
  })

  test('of signing in takes a small body only', async () => {
    const world = shared()
    for (const path of ['sign-in/email', 'sign-up/email', 'sign-out']) {
      const payload = { email: 'x'.repeat(8 * 1024) }
      const answer = await world.inject({ method: 'POST', url: `/api/auth/${path}`, payload })
      expect({ path, status: answer.statusCode }).toEqual({ path, status: 413 })
    }
  })
})
