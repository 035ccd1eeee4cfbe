import { expect, test } from 'vitest'
import { sharedWorld } from '../../test/world.ts'
import { callerOf, fieldsOf } from '../services/caller.fixture.ts'

const shared = sharedWorld()

type Named = { code: string; name: string }

test('countries and their parts have names in the language that is asked for', async () => {
  const headers = await shared().signIn('viewer')
  const read = async (locale: string) => {
    const answer = await shared().inject({ url: `/api/v1/holidays/countries?locale=${locale}`, headers })
    return answer.json<{ items: (Named & { regions: Named[] })[] }>().items
  }
  const german = await read('de')
  const names = german.map(({ name }) => name)
  expect(names).toEqual(names.toSorted(new Intl.Collator('de').compare))
  expect(german.find(({ code }) => code === 'US')?.name).toBe('Vereinigte Staaten')
  const germany = (await read('ar')).find(({ code }) => code === 'DE')
  expect(germany?.name).toBe('ألمانيا')
  expect(germany?.regions).toContainEqual({ code: 'BY.A', name: 'Bayern, Stadt Augsburg' })
})

test('a year of holidays is that of the country and its part, in the language that is asked for', async () => {
  const viewer = await callerOf(shared(), 'viewer')
  const read = async (query: string) => {
    const { body } = await viewer('GET', `/holidays?year=2026&${query}`)
    return body.items as { date: string; name: string }[]
  }
  const berlin = await read('country=de&region=be&locale=de')
  expect(berlin).toContainEqual({ date: '2026-03-08', name: 'Internationaler Frauentag' })
  const bavaria = await read('country=DE&region=BY&locale=de')
  expect(bavaria).toContainEqual({ date: '2026-01-06', name: 'Heilige Drei Könige' })
  expect(bavaria.map(({ date }) => date)).not.toContain('2026-03-08')
  expect(await read('country=FR&locale=fr')).toContainEqual({ date: '2026-07-14', name: 'Fête Nationale de la France' })
  expect(await read('country=FR&locale=fr')).toHaveLength(11)
})

test('a place that is not known is refused with what there is', async () => {
  const viewer = await callerOf(shared(), 'viewer')
  const country = await viewer('GET', '/holidays?country=ZZ&year=2026')
  expect(country).toMatchObject({ status: 400, body: { detail: 'The holidays of ZZ are not known.' } })
  expect(fieldsOf(country.body)).toEqual(['country'])
  const region = await viewer('GET', '/holidays?country=DE&region=XX&year=2026')
  expect(region.body.detail).toMatch(/^There is no part XX of DE: DE has B/)
  expect(fieldsOf(region.body)).toEqual(['region'])
  const none = await viewer('GET', '/holidays?country=DK&region=X&year=2026')
  expect(none.body.detail).toBe('There is no part X of DK: DK has no parts that differ.')
  for (const query of ['country=DE', 'country=DE&year=1999', 'country=DE&year=2101', 'country=Germany&year=2026'])
    expect({ query, status: (await viewer('GET', `/holidays?${query}`)).status }).toEqual({ query, status: 400 })
})

test('a language that is none is refused', async () => {
  const headers = await shared().signIn('viewer')
  const answer = await shared().inject({ url: '/api/v1/holidays/countries?locale=de-12', headers })
  expect(answer.statusCode).toBe(400)
  expect(fieldsOf(answer.json())).toEqual(['locale'])
})

test('who is not signed in, or no member, reads no holidays', async () => {
  const visitor = await callerOf(shared())
  expect((await visitor('GET', '/holidays?country=DE&year=2026')).status).toBe(401)
  expect((await shared().inject({ url: '/api/v1/holidays/countries' })).statusCode).toBe(401)
})
