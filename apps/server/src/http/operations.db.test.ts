import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { createWorld, sharedWorld } from '../../test/world.ts'
import { registerAccess } from './access.ts'

type Operation = {
  operationId?: string
  security?: object[]
  parameters?: { name: string; in: string }[]
  tags?: string[]
}

const shared = sharedWorld()

async function operations(): Promise<(Operation & { method: string; path: string })[]> {
  const { paths } = (await shared().inject({ url: '/api/openapi.json' })).json()
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, ...operation })),
  )
}

test('every operation has a name of its own', async () => {
  const names = (await operations()).map(({ operationId }) => operationId)
  expect(names).not.toContain(undefined)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(35)
})

/** They only answer a question that is too long for an address. */
const QUESTIONS = ['previewImpact', 'previewSeries']

test('every POST that writes takes an Idempotency-Key', async () => {
  const without = (await operations()).filter(
    ({ method, parameters = [] }) => method === 'post' && !parameters.some(({ name }) => name === 'idempotency-key'),
  )
  expect(without.map(({ operationId }) => operationId ?? '').filter((name) => !QUESTIONS.includes(name))).toEqual([])
})

test('what the document says about signing in is what the operation does', async () => {
  for (const { method, path, operationId, security = [] } of await operations()) {
    const id = '00000000-0000-7000-8000-000000000000'
    const url = path.replace('{organization}', 'practice').replace('{service}', id).replace('{id}', id)
    const { statusCode } = await shared().inject({ method: method.toUpperCase(), url })
    expect({ operationId, refused: statusCode === 401 }).toEqual({ operationId, refused: security.length > 0 })
  }
})

test('the server does not start with an address that does not say who may call it', async () => {
  await using world = await createWorld()
  const app = Fastify()
  registerAccess(app, {
    auth: { sessionOf: () => Promise.resolve(undefined) } as never,
    db: world.db,
    config: world.config,
  })
  expect(() => app.get('/open', () => 'x')).toThrow('/open does not say who may call it')
})
