import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sharedWorld } from '../../test/world.ts'

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`
const entry = (credentials: string) =>
  `${credentials.split(':')[0] ?? ''}:${createHash('sha256').update(credentials).digest('hex')}`
const ACCESS = [entry('ada:first password'), entry('ben:second password')].join(', ')

describe('a staging with named people', () => {
  const world = sharedWorld({ env: { ENVIRONMENT: 'staging', STAGING_ACCESS: ACCESS } })
  const ask = (headers: Record<string, string> = {}, url = '/api/v1/organizations/practice') =>
    world().inject({ method: 'GET', url, headers })

  test('asks everybody else for a password, whatever they want to see', async () => {
    for (const url of ['/api/v1/organizations/practice', '/api/openapi.json', '/nowhere']) {
      const answer = await ask({}, url)
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['www-authenticate']).toContain('Basic')
      expect(answer.json()).toMatchObject({ code: 'auth.required' })
    }
  })

  test('lets each of them in, by either header', async () => {
    for (const credentials of ['ada:first password', 'ben:second password']) {
      expect((await ask({ authorization: basic(credentials) })).statusCode).not.toBe(401)
      expect((await ask({ 'x-staging-access': basic(credentials) })).statusCode).not.toBe(401)
    }
  })

  test.each(['ada:second password', 'ada:', 'eve:first password', ''])('takes no %j', async (credentials) => {
    expect((await ask({ authorization: basic(credentials) })).statusCode).toBe(401)
  })

  test('a key of the API is no name', async () => {
    expect((await ask({ authorization: 'Bearer first password' })).statusCode).toBe(401)
  })

  test('tells its health to whoever watches it, and nothing to search engines', async () => {
    for (const url of ['/health', '/health/ready']) {
      const answer = await ask({}, url)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['x-robots-tag']).toBe('noindex, nofollow')
    }
  })
})

describe('where nobody is named', () => {
  const world = sharedWorld({ env: { ENVIRONMENT: 'staging' } })

  test('a staging is open, and still nothing for search engines', async () => {
    const answer = await world().inject({ method: 'GET', url: '/api/openapi.json' })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['x-robots-tag']).toBe('noindex, nofollow')
  })
})

describe('elsewhere', () => {
  const world = sharedWorld({ env: { ENVIRONMENT: 'development', STAGING_ACCESS: ACCESS } })

  test('nobody is asked', async () => {
    const answer = await world().inject({ method: 'GET', url: '/api/openapi.json' })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['x-robots-tag']).toBeUndefined()
  })
})
