import { describe, expect, test } from 'vitest'
import { at, booked, openOffice, person, thing, timesEvery } from '../../test/office.ts'
import { slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

type Asked = { service?: string; start?: string; query?: string }
type Explanation = {
  start: string
  end: string
  offered: boolean
  reason?: string
  message?: string
  refusals?: unknown[]
}

async function explained(world: World, asked: Asked = {}, headers: Record<string, string> = {}): Promise<Explanation> {
  const { service = 'consultation', start = at('10:00'), query = '' } = asked
  const url = `/api/v1/organizations/${world.slug}/services/${service}/explanation?start=${encodeURIComponent(start)}${query}`
  const answer = await world.inject({ url, headers })
  expect(answer.statusCode).toBe(200)
  return answer.json()
}

async function hold(world: World, payload: object): Promise<string> {
  const url = `/api/v1/organizations/${world.slug}/holds`
  return (await world.inject({ method: 'POST', url, payload })).json<{ id: string }>().id
}

/** Ada is the only one who serves the consultation. */
async function onlyAda(world: World) {
  const office = await openOffice(world)
  await office.patchService(world.consultation.id, { providers: [world.ada.id] })
  return office
}

describe('an explanation says that a start is offered exactly when it is listed', () => {
  /** Every fifth minute of the day. */
  async function expectAgreement(world: World, service: string, { date = TUESDAY, query = '' } = {}) {
    const listed = timesOf(await slotsOn(world, { service, date, query }))
    const told: string[] = []
    const times = timesEvery(5, '08:30', '17:30')
    for (let first = 0; first < times.length; first += 6) {
      const some = times.slice(first, first + 6)
      const answers = await Promise.all(some.map((time) => explained(world, { service, start: at(time, date), query })))
      told.push(...some.filter((_time, index) => answers[index]?.offered))
      const silent = answers.filter(
        ({ offered, reason, message }) => offered === (reason !== undefined && Boolean(message)),
      )
      expect(silent).toEqual([])
    }
    expect(told).toEqual(listed)
  }

  test('of a plain service, of one with rooms, and of a course, whatever is booked', async () => {
    await using world = await createWorld()
    for (const start of ['09:30', '13:00']) await booked(world, { start: at(start), duration: 60 })
    await booked(world, { service: 'treatment', start: at('11:00') })
    await hold(world, { service: 'treatment', start: at('11:00') })
    await booked(world, { service: 'course', start: at('15:00'), seats: 2 })
    await expectAgreement(world, 'consultation')
    await expectAgreement(world, 'consultation', { query: `&provider=${world.ada.id}&duration=60` })
    await expectAgreement(world, 'treatment')
    await expectAgreement(world, 'course')
    await expectAgreement(world, 'course', { query: '&seats=2' })
  })

  test('of segments, packed starts, the first of the day, limits, steps and windows', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const { id } = world.consultation
    await booked(world, { provider: world.ada.id, start: at('10:30') })
    await booked(world, { service: 'course', start: at('15:00') })
    for (const rules of [
      { stepMin: 15, usefulGapMin: 45 },
      { firstOfDay: true },
      { stepMin: 25, stepOffsetMin: 5, stepFrom: 'midnight', firstOfDay: false, usefulGapMin: null },
      { limits: [{ of: 'service', per: 'day', maxMinutes: 60 }] },
      { limits: [], windowKind: 'business_days', windowDays: 1, noticeMin: 1500 },
    ]) {
      await office.patchService(id, rules)
      await expectAgreement(world, 'consultation')
    }
    await office.needs(id, [
      { lengthMin: 20, requirements: [person(world.ben.id), thing(world.rooms.id)] },
      { lengthMin: 40, requirements: [person(world.ada.id, world.ben.id)] },
    ])
    await expectAgreement(world, 'consultation')
    await expectAgreement(world, 'consultation', { query: `&provider=${world.ada.id}` })
  })
})

test('nobody but members is told more than the one reason: no name, no id, no kind, no time of anybody', async () => {
  await using world = await createWorld()
  const office = await onlyAda(world)
  const { id } = await booked(world, { start: at('10:00') })
  const holdId = await hold(world, { service: 'consultation', start: at('12:00') })
  await booked(world, { service: 'treatment', provider: world.ben.id, start: at('10:00') })
  await office.patchResource(world.rooms.id, { quantity: 1 })
  await office.patchProvider(world.ada.id, { limits: [{ per: 'week', maxCount: 2 }] })
  const [schedule] = await world.sql<{ id: string }>('select id from schedule')
  await world.sql(
    `insert into schedule_override (organization_id, schedule_id, on_date) select organization_id, id, '2026-03-04' from schedule`,
  )
  const secrets = [id, holdId, world.ada.id, world.ben.id, world.rooms.id, schedule?.id ?? '', world.organizationId]
  const words = /Ada|Ben|Room|Grace|booking|hold|buffer|limit|override|cause|refusals|absent|unit|09:40|09:30|10:40/
  const starts = ['10:00', '10:15', '11:00', '12:00', '07:00', '10:07'].map((time) => at(time))
  for (const service of ['consultation', 'treatment', 'course']) {
    for (const start of [...starts, at('10:00', '2026-03-04'), '2026-03-01T10:00:00Z', '2027-03-02T10:00:00Z']) {
      const answer = await explained(world, { service, start })
      const { start: _start, end: _end, message, ...rest } = answer
      expect(Object.keys(rest).filter((key) => !['offered', 'reason'].includes(key))).toEqual([])
      const text = JSON.stringify({ message, ...rest }).replace('"reason":"limit"', '')
      expect(text).not.toMatch(words)
      expect(secrets.filter((secret) => JSON.stringify(answer).includes(secret))).toEqual([])
    }
  }
  const url = `/api/v1/organizations/${world.slug}/services/consultation/explanation?start=${encodeURIComponent(at('10:00'))}`
  const elsewhere = await world.addBusiness('other')
  const stranger = await world.signIn('owner', elsewhere.organizationId)
  const told = await world.inject({ url, headers: stranger })
  expect(told.body).not.toMatch(/refusals|Ada/)
})

describe('members are told', () => {
  type Absent = { absent?: { id: string; name: string; unit?: number; causes: object[] }[] }
  const refusalsOf = async (world: World, headers: Record<string, string>, asked: Asked = {}) =>
    (await explained(world, asked, headers)).refusals as (Absent & Record<string, unknown>)[]

  test('which booking is in the way, whose buffer, which hold, and whose limit', async () => {
    await using world = await createWorld()
    const { headers, patchProvider } = await onlyAda(world)
    const { id } = await booked(world, { service: 'treatment', provider: world.ada.id, start: at('10:00') })
    await hold(world, { service: 'consultation', start: at('12:00') })
    const causesAt = async (time: string) =>
      (await refusalsOf(world, headers, { start: at(time) })).flatMap(({ absent = [] }) => absent)
    const treatment = { kind: 'booking', booking: id, from: '2026-03-03T09:00:00Z', to: '2026-03-03T09:30:00Z' }
    const ada = { id: world.ada.id, name: 'Ada' }
    expect(await causesAt('10:00')).toEqual([{ ...ada, causes: [{ cause: 'busy', ...treatment }] }])
    expect(await causesAt('10:30')).toEqual([{ ...ada, causes: [{ cause: 'buffer', ...treatment }] }])
    expect(await causesAt('12:00')).toEqual([
      { ...ada, causes: [{ cause: 'busy', kind: 'hold', from: '2026-03-03T11:00:00Z', to: '2026-03-03T11:30:00Z' }] },
    ])
    await patchProvider(world.ada.id, { limits: [{ per: 'day', maxCount: 2 }] })
    expect(await causesAt('15:00')).toEqual([
      { ...ada, causes: [{ cause: 'limit', limit: { per: 'day', maxCount: 2, count: 2, minutes: 60 } }] },
    ])
  })

  test('what in the hours is closed: the weekly hours, or which exception', async () => {
    await using world = await createWorld()
    const { headers } = await onlyAda(world)
    await world.sql(
      `insert into schedule_override (organization_id, schedule_id, on_date) select organization_id, id, '2026-03-04' from schedule`,
    )
    const causesAt = async (start: string) =>
      (await refusalsOf(world, headers, { start })).flatMap(({ absent = [] }) => absent.flatMap(({ causes }) => causes))
    expect(await causesAt(at('08:00'))).toMatchObject([{ cause: 'closed', because: { kind: 'weekly_hours' } }])
    expect(await causesAt(at('10:00', '2026-03-04'))).toMatchObject([
      { cause: 'closed', because: { kind: 'override', date: '2026-03-04' } },
    ])
  })

  test('which unit of which thing is in use, and how many are needed', async () => {
    await using world = await createWorld()
    const { headers, needs } = await openOffice(world)
    const requirements = [person(world.ada.id, world.ben.id), { ...thing(world.rooms.id), count: 2 }]
    await needs(world.treatment.id, [
      { lengthMin: null, requirements: [requirements[0] ?? person(), thing(world.rooms.id)] },
    ])
    const { id } = await booked(world, { service: 'treatment', start: at('10:00') })
    await needs(world.treatment.id, [{ lengthMin: null, requirements }])
    const [refusal] = await refusalsOf(world, headers, { service: 'treatment' })
    expect(refusal).toMatchObject({ reason: 'not_enough', kind: 'resource', needed: 2, free: 1 })
    expect(refusal?.absent).toMatchObject([
      { id: world.rooms.id, name: 'Room', unit: 1, causes: [{ cause: 'busy', booking: id }] },
    ])
  })

  test('notice, window, the limits of the service, seats, steps, gaps and the first of the day', async () => {
    await using world = await createWorld()
    const { headers, patchService } = await onlyAda(world)
    const { id } = world.consultation
    const reasons = async (asked: Asked) => refusalsOf(world, headers, asked)
    await booked(world, { start: at('10:00') })
    await booked(world, { service: 'course', start: at('14:00'), seats: 2 })
    expect(await reasons({ start: at('11:07') })).toEqual([{ reason: 'steps' }])
    expect(await reasons({ service: 'course', start: at('14:00'), query: '&seats=2' })).toContainEqual({
      ...{ reason: 'seats', wanted: 2, left: 1 },
    })
    expect(await reasons({ start: '2026-03-01T10:00:00Z' })).toContainEqual({ reason: 'past' })
    await patchService(id, { noticeMin: 26 * 60, windowDays: 2 })
    expect(await explained(world, { start: at('11:00') })).toMatchObject({ offered: true })
    expect(await reasons({ start: at('10:30') })).toContainEqual({ reason: 'notice', from: '2026-03-03T10:00:00Z' })
    expect(await reasons({ start: at('11:00', '2026-03-05') })).toContainEqual({
      ...{ reason: 'window', from: '2026-03-01T23:00:00Z', to: '2026-03-04T23:00:00Z' },
    })
    await patchService(id, { noticeMin: 0, limits: [{ of: 'service', per: 'week', maxMinutes: 45 }] })
    expect(await reasons({ start: at('11:00') })).toEqual([
      { reason: 'limit', of: 'service', limit: { per: 'week', maxMinutes: 45, count: 1, minutes: 30 } },
    ])
    await patchService(id, { limits: [], firstOfDay: true })
    expect(await reasons({ start: at('11:00') })).toEqual([{ reason: 'not_first', from: '2026-03-03T08:00:00Z' }])
    await patchService(id, { firstOfDay: false, usefulGapMin: 60, stepMin: 15 })
    expect(await reasons({ start: at('10:45') })).toEqual([{ reason: 'gap' }])
  })

  test('of an offered start, that it is', async () => {
    await using world = await createWorld()
    const { headers } = await openOffice(world)
    expect(await explained(world, {}, headers)).toEqual({
      ...{ start: '2026-03-03T09:00:00Z', end: '2026-03-03T09:30:00Z', offered: true },
    })
    await using other = await createWorld()
    const url = (query: string) =>
      `/api/v1/organizations/${other.slug}/services/consultation/explanation?start=${query}`
    for (const query of ['yesterday', '2026-02-30T10:00:00Z', `${at('10:00').replace('+', '%2B')}&duration=17`])
      expect((await other.inject({ url: url(query) })).statusCode).toBe(400)
  })
})
