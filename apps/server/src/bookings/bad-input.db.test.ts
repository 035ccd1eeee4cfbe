import { describe, expect, test } from 'vitest'
import { book, bookingOf, fingerprint, slotsOn, TUESDAY } from '../../test/requests.ts'
import { createWorld, sharedWorld } from '../../test/world.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'
const SLOT_REFUSED = 'booking.slot_refused'

describe('a booking that cannot be is refused with a clear sentence and changes nothing', () => {
  const shared = sharedWorld()
  const person = { name: 'A', email: 'a@example.com' }
  const cases: [string, Record<string, unknown>, [status: number, code: string, field?: string]][] = [
    ['an unknown service', { service: 'nothing' }, [404, 'service.not_found']],
    ['a provider who does not serve it', { provider: NOBODY }, [404, 'provider.not_found']],
    ['a start without an offset', { start: `${TUESDAY}T10:00:00` }, [400, 'request.invalid', 'start']],
    [
      'a start on a date that does not exist',
      { start: '2026-02-30T10:00:00+01:00' },
      [400, 'request.invalid', 'start'],
    ],
    ['a start that has passed', { start: '2026-02-27T10:00:00+01:00' }, [409, 'booking.slot_refused']],
    ['a start beyond the booking window', { start: '2026-06-02T10:00:00+02:00' }, [409, 'booking.slot_refused']],
    ['a start outside the hours', { start: `${TUESDAY}T20:00:00+01:00` }, [409, 'booking.slot_refused']],
    ['a start right in another zone only', { start: `${TUESDAY}T14:00:00-05:00` }, [409, SLOT_REFUSED]],
    ['a start between two that are offered', { start: `${TUESDAY}T10:07:00+01:00` }, [409, 'booking.slot_refused']],
    ['a start on a day off', { start: '2026-03-08T10:00:00+01:00' }, [409, 'booking.slot_refused']],
    ['a duration that is not offered', { duration: 45 }, [400, 'request.invalid', 'duration']],
    ['more seats than there are', { service: 'course', seats: 4 }, [400, 'request.invalid', 'seats']],
    ['an empty name', { customer: { ...person, name: '  ' } }, [400, 'request.invalid', 'customer.name']],
    [
      'a name of a novel',
      { customer: { ...person, name: 'x'.repeat(201) } },
      [400, 'request.invalid', 'customer.name'],
    ],
    ['an unknown zone', { customer: { ...person, timeZone: 'Mars/Olympus' } }, [400, 'request.invalid']],
    ['an offset for a zone', { customer: { ...person, timeZone: '+01:00' } }, [400, 'request.invalid']],
    [
      'an answer to a question nobody asked',
      { answers: { colour: 'red' } },
      [400, 'request.invalid', 'answers.colour'],
    ],
    ['a field that does not exist', { colour: 'red' }, [400, 'request.invalid', 'colour']],
    ['no customer', { customer: undefined }, [400, 'request.invalid', 'customer']],
  ]
  test.each(cases)('%s', async (_name, changes, [status, code, field]) => {
    const world = shared()
    const before = await fingerprint(world)
    const answer = await book(world, changes)
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
    expect(answer.body.detail).toMatch(/^.{10,}\.$/)
    if (field !== undefined) expect(answer.body.errors[0].field).toBe(field)
    expect(await fingerprint(world)).toBe(before)
  })

  test.each([
    'not an address',
    'a@',
    '@b.example',
    'a b@c.example',
    'a@b.example\r\nBcc: x@y.example',
    'a@b@c.example',
  ])('an email address that is none: %j', async (email) => {
    await using world = await createWorld()
    const before = await fingerprint(world)
    const answer = await book(world, { customer: { name: 'A', email } })
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code: 'request.invalid' })
    expect(answer.body.errors[0].field).toBe('customer.email')
    expect(await fingerprint(world)).toBe(before)
  })

  test('a time that overlaps another booking, with free times nearby', async () => {
    await using world = await createWorld()
    await book(world, { provider: world.ada.id, duration: 60 })
    const before = await fingerprint(world)
    const { status, body } = await book(world, { provider: world.ada.id, start: `${TUESDAY}T10:30:00+01:00` })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.slot_taken' })
    expect(body.alternatives).toHaveLength(3)
    expect(await fingerprint(world)).toBe(before)
  })

  test('a time too soon for the notice that the business needs', async () => {
    await using world = await createWorld()
    await world.sql('update service set notice_min = 60')
    const before = await fingerprint(world)
    const { body } = await book(world, { start: '2026-03-02T09:30:00+01:00' })
    expect(body).toMatchObject({ code: 'booking.slot_refused' })
    expect(body.detail).toContain('needs more notice')
    expect(await fingerprint(world)).toBe(before)
  })

  test('an unknown organization', async () => {
    await using world = await createWorld()
    const before = await fingerprint(world)
    const url = '/api/v1/organizations/nobody/bookings'
    const answer = await world.inject({ method: 'POST', url, payload: bookingOf() })
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({
      status: 404,
      code: 'organization.not_found',
    })
    expect(await fingerprint(world)).toBe(before)
  })

  test('a service, a provider and a hold of another organization', async () => {
    await using world = await createWorld()
    const other = await world.addBusiness('other')
    const before = await fingerprint(world)
    expect((await book(world, { service: other.consultation.id })).body.code).toBe('service.not_found')
    expect((await book(world, { provider: other.ada.id })).body.code).toBe('provider.not_found')
    expect(await fingerprint(world)).toBe(before)
  })

  test('a body of ten megabytes', async () => {
    await using world = await createWorld()
    const before = await fingerprint(world)
    const payload = bookingOf({ answers: { long: 'x'.repeat(10_000_000) } })
    const answer = await world.inject({ method: 'POST', url: `/api/v1/organizations/${world.slug}/bookings`, payload })
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 413, code: 'request.too_large' })
    expect(await fingerprint(world)).toBe(before)
  })
})

test('HTML in a name is kept and given back as the text it is', async () => {
  await using world = await createWorld()
  const name = '<script>alert(1)</script> & "Co"'
  const { body } = await book(world, { customer: { name, email: 'h@example.com' } })
  expect(body.booking.customer.name).toBe(name)
  const answer = await world.inject({ url: `/api/v1/bookings/${body.booking.id}?token=${body.token}` })
  expect(answer.headers['content-type']).toContain('application/json')
  expect(answer.json().customer.name).toBe(name)
  expect(await world.sql('select customer_name from booking')).toEqual([{ customer_name: name }])
})

describe('free times that cannot be asked for', () => {
  const shared = sharedWorld()
  const ask = (from: string, to: string, rest = '') => `from=${from}&to=${to}${rest}`
  const day = ask(TUESDAY, TUESDAY)
  test.each([
    ['no range', '', 400, 'request.invalid'],
    ['an end before its start', ask('2026-03-04', TUESDAY), 400, 'request.invalid'],
    ['more than 62 days', ask('2026-03-01', '2026-05-02'), 400, 'request.invalid'],
    ['a date that does not exist', ask('2026-02-30', TUESDAY), 400, 'request.invalid'],
    ['an instant on a date that does not exist', ask('2026-02-30T00:00:00Z', TUESDAY), 400, 'request.invalid'],
    ['a thirteenth month', ask('2026-13-01', TUESDAY), 400, 'request.invalid'],
    ['an instant without offset', ask('2026-03-03T00:00:00', '2026-03-04T00:00:00Z'), 400, 'request.invalid'],
    ['an instant that is none', ask('2026-03-03T99:00:00Z', '2026-03-04T00:00:00Z'), 400, 'request.invalid'],
    ['an unknown zone', `${day}&timeZone=Mars/Olympus`, 400, 'request.invalid'],
    ['an offset for a zone', `${day}&timeZone=%2B01:00`, 400, 'request.invalid'],
    ['a duration that is not offered', `${day}&duration=45`, 400, 'request.invalid'],
    ['more seats than there are', `${day}&seats=2`, 400, 'request.invalid'],
    ['a provider who does not serve it', `${day}&provider=${NOBODY}`, 404, 'provider.not_found'],
    ['a field that does not exist', `${day}&colour=red`, 400, 'request.invalid'],
    ['a field given twice', `${day}&from=${TUESDAY}`, 400, 'request.invalid'],
    ['moving a booking without its link', `${day}&rescheduling=${NOBODY}`, 403, 'booking.link_invalid'],
  ])('%s', async (_name, query, status, code) => {
    const world = shared()
    const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?${query}`
    const answer = await world.inject({ url })
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status, code })
  })

  test('62 days are answered, in whatever zone', async () => {
    const world = shared()
    const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?from=2026-03-01&to=2026-05-01`
    for (const zone of ['', '&timeZone=Pacific/Auckland', '&timeZone=America/New_York']) {
      expect((await world.inject({ url: url + zone })).statusCode).toBe(200)
    }
  })

  test('what is listed in another zone is the same time', async () => {
    const world = shared()
    const query = '&timeZone=America/New_York'
    const [berlin] = await slotsOn(world)
    const [newYork] = await slotsOn(world, { query })
    expect(newYork?.start).toBe(`${TUESDAY}T03:00:00-05:00`)
    expect(Date.parse(newYork?.start ?? '')).toBe(Date.parse(berlin?.start ?? ''))
  })
})

test('a body is taken at its word: a number is no text, and nothing is no number', async () => {
  await using world = await createWorld()
  const before = await fingerprint(world)
  for (const changes of [
    { customer: { name: 5, email: 'grace@example.com' } },
    { customer: { name: null, email: 'grace@example.com' } },
    { seats: '1' },
    { seats: null },
    { duration: '30' },
    { override: 'true' },
  ]) {
    const { status, body } = await book(world, changes)
    expect({ status, code: body.code, changes }).toEqual({ status: 400, code: 'request.invalid', changes })
  }
  expect(await fingerprint(world)).toBe(before)
})
