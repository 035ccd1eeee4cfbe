import Fastify, { type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { responseSerializer } from './serializer.ts'
import { requestValidator } from './validator.ts'

const ANSWER = { type: 'object', properties: { count: { type: 'integer' } } }
const ASKED = { type: 'object', properties: { count: { type: 'integer', default: 1 } } }

/** An application of its own with one route, which answers what it was asked, and more. */
function echo(): FastifyInstance {
  const app = Fastify()
  app.setValidatorCompiler(requestValidator)
  app.setSerializerCompiler(responseSerializer)
  app.post('/', { schema: { querystring: ASKED, body: ASKED, response: { 200: ANSWER } } }, ({ query, body }) => ({
    ...Object(query),
    ...Object(body),
    secret: 'not in the schema',
  }))
  return app
}

test('schemas are compiled once, and hold in every application that has them', async () => {
  const route = { method: 'GET', url: '/' }
  expect(responseSerializer({ ...route, schema: ANSWER })).toBe(responseSerializer({ ...route, schema: ANSWER }))
  expect(requestValidator({ ...route, schema: ASKED })).toBe(requestValidator({ ...route, schema: ASKED }))
  for (const app of [echo(), echo()]) {
    const answer = await app.inject({ method: 'POST', url: '/', payload: { count: 2 } })
    expect(answer.json()).toEqual({ count: 2 })
    expect((await app.inject({ method: 'POST', url: '/', payload: { count: 'two' } })).statusCode).toBe(400)
    await app.close()
  }
})

test('an address that says a number in text is read as one, a body that does is refused', async () => {
  const app = echo()
  expect((await app.inject({ method: 'POST', url: '/?count=3', payload: {} })).statusCode).toBe(200)
  expect((await app.inject({ method: 'POST', url: '/', payload: { count: '3' } })).statusCode).toBe(400)
  await app.close()
})
