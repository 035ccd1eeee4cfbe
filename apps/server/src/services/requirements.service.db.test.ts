import { describe, expect, test } from 'vitest'
import { claimsIn, openOffice, outcomeOf, person, thing, wholeSegment, type Segment } from '../../test/office.ts'
import { book, fingerprint, slotsOn, timesOf } from '../../test/requests.ts'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'
import { actionsOn, callerOf, configVersionOf, fieldsOf } from './caller.fixture.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'
const segmentsOf = (...segments: Segment[]) => ({ segments: segments.map(wholeSegment) })
const pathOf = (id: string) => `/services/${id}/requirements`

/** Twenty minutes with Ada, then forty with Ben in a room. */
const twoSegments = (world: World) =>
  segmentsOf(
    { lengthMin: 20, requirements: [person(world.ada.id)] },
    { lengthMin: 40, requirements: [person(world.ben.id), thing(world.rooms.id)] },
  )

describe('what a service needs', () => {
  test('is what it was given, as members see it', async () => {
    await using world = await createWorld()
    const owner = await callerOf(world, 'owner')
    expect((await owner('GET', pathOf(world.treatment.id))).body).toEqual(
      segmentsOf({ lengthMin: null, requirements: [person(world.ada.id, world.ben.id), thing(world.rooms.id)] }),
    )
    const whole = segmentsOf(
      { lengthMin: 20, requirements: [{ ...person(world.ada.id, world.ben.id), count: 2, fairDays: 7 }] },
      { lengthMin: 10, requirements: [] },
      {
        lengthMin: 40,
        requirements: [
          { ...person({ id: world.ada.id, weight: 2 }, { id: world.ben.id, priority: 9 }), assign: 'by_turn' },
          { ...thing(world.rooms.id), count: 2 },
        ],
      },
    )
    const { status, body } = await owner('PUT', pathOf(world.treatment.id), whole)
    expect({ status, body }).toEqual({ status: 200, body: whole })
    expect((await owner('GET', pathOf(world.treatment.id))).body).toEqual(whole)
    const service = await owner('GET', '/services/treatment')
    expect(service.body).toMatchObject({ durationsMin: [70], segmentsMin: [20, 10, 40], resources: [world.rooms.id] })
  })

  test('is told, in the trail and to every instance at once', async () => {
    await using world = await createWorld()
    const other = { ...world, ...(await world.addInstance()) }
    const owner = await callerOf(world, 'owner')
    const endOn = async (instance: World) => (await slotsOn(instance, { service: 'treatment' }))[0]?.end.slice(11, 16)
    expect([await endOn(world), await endOn(other)]).toEqual(['09:30', '09:30'])
    const before = await configVersionOf(world)
    await owner('PUT', pathOf(world.treatment.id), twoSegments(world))
    expect(await configVersionOf(world)).toBeGreaterThan(before)
    expect([await endOn(world), await endOn(other)]).toEqual(['10:00', '10:00'])
    expect(await outcomeOf(other, { service: 'treatment' })).toBe('booked')
    expect(await claimsIn(world)).toEqual([
      'Ada 10:00-10:20 +0 +0',
      'Ben 10:20-11:10 +0 +10',
      'Room 1 10:20-11:10 +0 +10',
    ])
    expect(await actionsOn(world, world.treatment.id)).toEqual(['service.requirements_changed'])
    const [event] = await world.sql<{ detail: object; actor_kind: string }>(
      `select detail, actor_kind from audit_event where action = 'service.requirements_changed'`,
    )
    expect(event).toEqual({ detail: twoSegments(world), actor_kind: 'member' })
  })

  test('can be one segment again, which lasts as long as all did before', async () => {
    await using world = await createWorld()
    const owner = await callerOf(world, 'owner')
    await owner('PUT', pathOf(world.treatment.id), twoSegments(world))
    const one = segmentsOf({ lengthMin: null, requirements: [person(world.ada.id)] })
    expect((await owner('PUT', pathOf(world.treatment.id), one)).body).toEqual(one)
    expect((await owner('PATCH', `/services/${world.treatment.id}`, { durationsMin: [45, 60] })).status).toBe(200)
    expect((await book(world, { service: 'treatment', duration: 45 })).status).toBe(201)
  })

  test('a booking that was decided over what it needed before is decided anew', async () => {
    await using world = await createWorld()
    const other = { ...world, ...(await world.addInstance()) }
    expect(await outcomeOf(other, { service: 'treatment', start: '2026-03-03T13:00:00Z' })).toBe('booked')
    await (
      await openOffice(world)
    ).needs(world.treatment.id, [{ lengthMin: null, requirements: [person(world.ben.id)] }])
    expect((await book(other, { service: 'treatment' })).body.booking.provider.name).toBe('Ben')
    expect((await book(other, { service: 'treatment', provider: world.ada.id })).body.code).toBe('provider.not_found')
  })
})

describe('refused, with the field and without any change, is', () => {
  const world = sharedWorld()
  const of = (...requirements: Segment['requirements']) => [{ lengthMin: null, requirements }]
  const ada = () => person(world().ada.id)
  const cases: [what: string, field: string, segments: () => Segment[]][] = [
    ['a person there is not', '0.requirements.0.subjects.0.id', () => of(person(NOBODY))],
    ['a thing there is not', '0.requirements.1.subjects.1.id', () => of(ada(), thing(world().rooms.id, NOBODY))],
    ['a person as a thing', '0.requirements.1.subjects.0.id', () => of(ada(), thing(world().ben.id))],
    ['a thing as a person', '0.requirements.1.subjects.0.id', () => of(ada(), person(world().rooms.id))],
    ['a person twice', '0.requirements.0.subjects.1.id', () => of(person(world().ada.id, world().ada.id))],
    ['a thing twice', '0.requirements.1.subjects.1.id', () => of(ada(), thing(world().rooms.id, world().rooms.id))],
    ['more people than are named', '0.requirements.0.count', () => of({ ...ada(), count: 2 })],
    ['more things than there are', '0.requirements.1.count', () => of(ada(), { ...thing(world().rooms.id), count: 3 })],
    ['a thing that leads', '0.requirements.0.kind', () => of(thing(world().rooms.id), ada())],
    ['a first segment with nobody', '0.requirements.0.kind', () => of()],
    ['a length of the only segment', '0.lengthMin', () => [{ lengthMin: 30, requirements: [ada()] }]],
    [
      'a segment without a length',
      '1.lengthMin',
      () => [
        { lengthMin: 30, requirements: [ada()] },
        { lengthMin: null, requirements: [] },
      ],
    ],
    [
      'an appointment of more than a day',
      '',
      () => [
        { lengthMin: 1440, requirements: [ada()] },
        { lengthMin: 5, requirements: [ada()] },
      ],
    ],
    [
      'more requirements than can be kept',
      '',
      () => Array.from({ length: 8 }, () => ({ lengthMin: 5, requirements: [ada(), ada(), ada()] })),
    ],
    ['nobody to choose from', '0.requirements.0.subjects', () => of(person())],
    ['a count of none', '0.requirements.0.count', () => of({ ...ada(), count: 0 })],
    ['a weight of none', '0.requirements.0.subjects.0.weight', () => of(person({ id: world().ada.id, weight: 0 }))],
    ['fair days of none', '0.requirements.0.fairDays', () => of({ ...ada(), fairDays: 0 })],
    ['a way to assign that there is not', '0.requirements.0.assign', () => of({ ...ada(), assign: 'by_dice' })],
    ['no segment', '', () => []],
  ]

  test.each(cases)('%s', async (_what, field, segments) => {
    const owner = await callerOf(world(), 'owner')
    const before = await fingerprint(world())
    const { status, body } = await owner('PUT', pathOf(world().treatment.id), segmentsOf(...segments()))
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'request.invalid' })
    expect(fieldsOf(body)[0]?.replaceAll('/', '.')).toContain(field === '' ? 'segments' : `segments.${field}`)
    expect(await fingerprint(world())).toBe(before)
  })

  test('a service there is not, or is no longer offered', async () => {
    const owner = await callerOf(world(), 'owner')
    const body = segmentsOf(...of(ada()))
    expect((await owner('PUT', pathOf(NOBODY), body)).body.code).toBe('service.not_found')
    expect((await owner('GET', pathOf(NOBODY))).body.code).toBe('service.not_found')
    await owner('DELETE', `/services/${world().course.id}`)
    expect((await owner('PUT', pathOf(world().course.id), body)).body.code).toBe('service.not_found')
  })

  test('whoever may not change the offer', async () => {
    const before = await fingerprint(world())
    for (const role of ['provider', 'viewer', undefined] as const) {
      const caller = await callerOf(world(), role)
      const expected = role ? 403 : 401
      expect((await caller('GET', pathOf(world().treatment.id))).status).toBe(expected)
      expect((await caller('PUT', pathOf(world().treatment.id), segmentsOf(...of(ada())))).status).toBe(expected)
    }
    const [people] = await world().sql('select count(*) from requirement_subject')
    expect(before).toContain(String(people?.['count']))
    const manager = await callerOf(world(), 'manager')
    expect((await manager('PUT', pathOf(world().treatment.id), segmentsOf(...of(ada())))).status).toBe(200)
  })
})

describe('providers and resources of a service, the short way', () => {
  test('change who serves a simple one, and keep counts, turns and weights', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const owner = await callerOf(world, 'owner')
    const cleo = await office.addProvider('Cleo')
    const pair = { ...person({ id: world.ada.id, weight: 3 }, world.ben.id), count: 2, assign: 'by_turn', fairDays: 9 }
    await office.needs(world.treatment.id, [{ lengthMin: null, requirements: [pair, thing(world.rooms.id)] }])
    await office.patchService(world.treatment.id, { providers: [world.ada.id, cleo], resources: [] })
    expect((await owner('GET', pathOf(world.treatment.id))).body).toEqual(
      segmentsOf({ lengthMin: null, requirements: [{ ...pair, ...person({ id: world.ada.id, weight: 3 }, cleo) }] }),
    )
    await office.patchService(world.treatment.id, { resources: [world.rooms.id] })
    expect((await owner('GET', '/services/treatment')).body.resources).toEqual([world.rooms.id])
    // A thing may have several units, a person is one.
    const rooms = { ...thing(world.rooms.id), count: 2 }
    await office.needs(world.treatment.id, [{ lengthMin: null, requirements: [pair, rooms] }])
    await office.patchService(world.treatment.id, { resources: [world.rooms.id] })
    expect((await owner('GET', pathOf(world.treatment.id))).body.segments[0].requirements[1]).toMatchObject({
      count: 2,
    })
    const few = await owner('PATCH', `/services/${world.treatment.id}`, { providers: [cleo] })
    expect({ status: few.status, fields: fieldsOf(few.body) }).toEqual({ status: 400, fields: ['providers'] })
  })

  test.each([
    [
      'people of two kinds',
      (world: World) => segmentsOf({ lengthMin: null, requirements: [person(world.ada.id), person(world.ben.id)] }),
    ],
    ['several segments', twoSegments],
    [
      'a thing in a second segment',
      (world: World) =>
        segmentsOf(
          { lengthMin: 20, requirements: [person(world.ada.id)] },
          { lengthMin: 40, requirements: [thing(world.rooms.id)] },
        ),
    ],
  ])('are refused where it needs %s, and nothing changes', async (_what, needs) => {
    await using world = await createWorld()
    const owner = await callerOf(world, 'owner')
    expect((await owner('PUT', pathOf(world.treatment.id), needs(world))).status).toBe(200)
    const before = await fingerprint(world)
    for (const change of [{ providers: [world.ben.id] }, { resources: [] }]) {
      const { status, body } = await owner('PATCH', `/services/${world.treatment.id}`, change)
      expect({ status, fields: fieldsOf(body) }).toEqual({ status: 400, fields: Object.keys(change) })
    }
    expect(await fingerprint(world)).toBe(before)
    expect((await owner('PATCH', `/services/${world.treatment.id}`, { name: 'Another name' })).status).toBe(200)
    expect((await owner('GET', pathOf(world.treatment.id))).body).toEqual(needs(world))
  })

  test('a length is refused where the segments say how long it takes, with the others that change', async () => {
    await using world = await createWorld()
    const owner = await callerOf(world, 'owner')
    await owner('PUT', pathOf(world.treatment.id), twoSegments(world))
    const change = { name: 'Another name', durationsMin: [30] }
    const { status, body } = await owner('PATCH', `/services/${world.treatment.id}`, change)
    expect({ status, fields: fieldsOf(body) }).toEqual({ status: 400, fields: ['durationsMin'] })
    expect((await owner('GET', '/services/treatment')).body).toMatchObject({ name: 'Treatment', durationsMin: [60] })
    expect(timesOf(await slotsOn(world, { service: 'treatment' }))).toContain('16:00')
  })
})
