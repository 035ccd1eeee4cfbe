import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { operationsOf, type Operation } from '../../test/operations.ts'
import { createWorld, sharedWorld } from '../../test/world.ts'
import { registerAccess } from './access.ts'

const shared = sharedWorld()

const operations = () => operationsOf(shared())

/** Whether the document says that one need not sign in. */
const isOpen = (security: NonNullable<Operation['security']>) =>
  security.length === 0 || security.some((way) => Object.keys(way).length === 0)

test('every operation has a name of its own', async () => {
  const names = (await operations()).map(({ operationId }) => operationId)
  expect(names).not.toContain(undefined)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(35)
})

/** They only answer a question that is too long for an address. */
const QUESTIONS = ['listVisitSlots', 'previewImpact', 'previewSeries']

test('every POST that writes takes an Idempotency-Key', async () => {
  const without = (await operations()).filter(
    ({ method, parameters = [] }) => method === 'POST' && !parameters.some(({ name }) => name === 'idempotency-key'),
  )
  expect(without.map(({ operationId }) => operationId).filter((name) => !QUESTIONS.includes(name))).toEqual([])
})

test('what the document says about signing in is what the operation does', async () => {
  for (const { method, path, operationId, security = [] } of await operations()) {
    const id = '00000000-0000-7000-8000-000000000000'
    const url = path.replace('{organization}', 'practice').replace('{service}', id).replace('{id}', id)
    const { statusCode } = await shared().inject({ method, url })
    expect({ operationId, refused: statusCode === 401 }).toEqual({ operationId, refused: !isOpen(security) })
  }
})

test('an address is guarded however it is written', async () => {
  const world = shared()
  const owner = await world.signIn('owner')
  const spellings = [
    (path: string) => path.replace('/api/v1', '/%61pi/v1'),
    (path: string) => path.replace('v1', '%761'),
  ]
  let count = 0
  for (const { method, path, operationId, security = [] } of await operations()) {
    const id = '00000000-0000-7000-8000-000000000000'
    const url = path.replace('{organization}', 'practice').replace('{service}', id).replace('{id}', id)
    for (const spell of spellings) {
      const { statusCode } = await world.inject({ method, url: spell(url) })
      expect({ operationId, refused: statusCode === 401 }).toEqual({ operationId, refused: !isOpen(security) })
    }
    if (method === 'GET' || isOpen(security)) continue
    const headers = { ...owner, origin: 'https://elsewhere.example' }
    const { statusCode } = await world.inject({ method, url: url.replace('/api', '/%61pi'), headers })
    expect({ operationId, statusCode }).toEqual({ operationId, statusCode: 403 })
    count += 1
  }
  expect(count).toBeGreaterThan(10)
})

test('the server does not start with an address that does not say who may call it, and with which keys', async () => {
  await using world = await createWorld()
  const app = Fastify()
  registerAccess(app, {
    auth: { sessionOf: () => Promise.resolve(undefined) } as never,
    db: world.db,
    clock: world.clock,
    config: world.config,
  })
  expect(() => app.get('/open', () => 'x')).toThrow('/open does not say who may call it')
  const unsaid = { access: 'public' } as never
  expect(() => app.get('/keyless', { config: unsaid }, () => 'x')).toThrow('/keyless does not say with which keys')
  const trusting = { access: 'admin', scope: 'read' } as const
  expect(() => app.get('/trusting', { config: trusting }, () => 'x')).toThrow('/trusting takes a person')
})
