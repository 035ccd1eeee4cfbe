import { describe, expect, test } from 'vitest'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'
import type { SeriesView } from './series.schemas.ts'

const shared = sharedWorld()

const seriesUrl = (world: Pick<World, 'slug'>, service = 'consultation') =>
  `/api/v1/organizations/${world.slug}/services/${service}/series`

async function preview(world: World, payload: object, headers = {}): Promise<SeriesView> {
  const answer = await world.inject({ method: 'POST', url: seriesUrl(world), payload, headers })
  expect(answer.statusCode).toBe(200)
  return answer.json<SeriesView>()
}

/** Takes everybody who could serve at an instant. */
async function takeAll(world: World, start: string): Promise<void> {
  const url = `/api/v1/organizations/${world.slug}/bookings`
  for (let turn = 0; turn < 10; turn++) {
    const customer = { name: 'Clara', email: `clara${turn}@example.com` }
    const answer = await world.inject({ method: 'POST', url, payload: { service: 'consultation', start, customer } })
    if (answer.statusCode === 409) return
    expect(answer.statusCode).toBe(201)
  }
  throw new Error('more people than expected')
}

describe('the times of a series', () => {
  test('are each free or not, and those that are not come with the nearest that are', async () => {
    await using world = await createWorld()
    await takeAll(world, '2026-03-10T10:00:00+01:00')
    const series = await preview(world, { start: '2026-03-03T10:00', rule: 'FREQ=WEEKLY;COUNT=3' })
    expect(series).toMatchObject({ total: 3, free: 2 })
    expect(series.occurrences.map(({ start, free }) => [start, free])).toEqual([
      ['2026-03-03T09:00:00Z', true],
      ['2026-03-10T09:00:00Z', false],
      ['2026-03-17T09:00:00Z', true],
    ])
    expect(series.occurrences[1]).toMatchObject({ reason: 'taken', message: 'This time is taken.' })
    expect(series.occurrences[1]?.alternatives).toHaveLength(3)
    for (const start of series.occurrences[1]?.alternatives ?? []) {
      const url = `/api/v1/organizations/${world.slug}/bookings`
      const customer = { name: 'Dora', email: 'dora@example.com' }
      const answer = await world.inject({ method: 'POST', url, payload: { service: 'consultation', start, customer } })
      expect(answer.statusCode).toBe(201)
    }
  })

  test('keep to the clocks over a change of them', async () => {
    await using world = await createWorld()
    const { occurrences } = await preview(world, { start: '2026-03-24T10:00', rule: 'FREQ=WEEKLY;COUNT=2' })
    expect(occurrences.map(({ start }) => start)).toEqual(['2026-03-24T09:00:00Z', '2026-03-31T08:00:00Z'])
  })

  test('leave out what is excepted, and go by the clocks of whoever asks', async () => {
    await using world = await createWorld()
    const rule = 'FREQ=DAILY;COUNT=3'
    const payload = { start: '2026-03-03T10:00', timeZone: 'Europe/London', rule, except: ['2026-03-04'] }
    const { occurrences } = await preview(world, payload)
    expect(occurrences.map(({ start }) => start)).toEqual(['2026-03-03T10:00:00Z', '2026-03-05T10:00:00Z'])
  })

  test('tell members what is in the way, and nobody else', async () => {
    await using world = await createWorld()
    await takeAll(world, '2026-03-03T10:00:00+01:00')
    const payload = { start: '2026-03-03T10:00', rule: 'FREQ=DAILY;COUNT=1' }
    const told = await preview(world, payload, await world.signIn('provider'))
    expect(told.occurrences[0]?.refusals).toMatchObject([{ reason: 'not_enough', free: 0 }])
    const open = await preview(world, payload)
    expect(open.occurrences[0]).not.toHaveProperty('refusals')
  })
})

test.each([
  ['a rule that is none', { rule: 'FREQ=NEVER' }, 'rule', /FREQ must be one of/],
  ['a rule without an end', { rule: 'FREQ=DAILY' }, 'rule', /needs an end/],
  ['a rule that gives too much', { rule: 'FREQ=MINUTELY;COUNT=105' }, 'rule', /more than 104/],
  ['a rule that gives nothing', { rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1' }, 'rule', /no time at all/],
  ['a date that there is not', { start: '2026-02-30T10:00' }, 'start', /no such date/],
  ['a zone that there is not', { timeZone: 'Mars/Olympus' }, 'timeZone', /not known/],
])('%s is refused at its field', async (_what, changes, field, message) => {
  const payload = { start: '2026-03-03T10:00', rule: 'FREQ=WEEKLY;COUNT=3', ...changes }
  const answer = await shared().inject({ method: 'POST', url: seriesUrl(shared()), payload })
  expect(answer.statusCode).toBe(400)
  const [error] = answer.json<{ errors: { field: string; message: string }[] }>().errors
  expect(error?.field).toBe(field)
  expect(error?.message).toMatch(message)
})
