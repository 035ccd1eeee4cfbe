import { describe, expect, test } from 'vitest'
import { at, DAY, hoursOf, NINE_TO_TWELVE, window } from '../test/ask.ts'
import { busyTimes, impactOf, misfitsOf, NEVER_BUSY, type Arrangement, type Booked } from './index.ts'

const hours = hoursOf(NINE_TO_TWELVE)

/** Ada and the first unit of a room, from 9 to 10, for a massage. */
const massage = (more: Partial<Booked> = {}): Booked => ({
  ...{ id: 'first', serviceId: 'massage', startMs: at('09:00'), endMs: at('10:00') },
  taken: [
    { id: 'ada', startMs: at('09:00'), endMs: at('10:00') },
    { id: 'room', startMs: at('09:00'), endMs: at('10:00'), bufferAfterMin: 30 },
  ],
  ...more,
})

const arranged = (more: Partial<Arrangement> = {}): Arrangement => ({
  subjects: new Map([
    ['ada', { hours, busy: NEVER_BUSY }],
    ['room', { busy: NEVER_BUSY }],
  ]),
  services: new Map([['massage', { candidateIds: new Set(['ada', 'room']) }]]),
  ...more,
})

const withAda = (ada: { hours?: typeof hours; busy?: typeof NEVER_BUSY }) =>
  arranged({
    subjects: new Map([
      ['ada', { hours, busy: NEVER_BUSY, ...ada }],
      ['room', { busy: NEVER_BUSY }],
    ]),
  })
const withService = (more: { hours?: typeof hours; candidateIds?: Set<string> }) =>
  arranged({ services: new Map([['massage', { candidateIds: new Set(['ada', 'room']), ...more }]]) })

const impact = (after: Arrangement, before = arranged()) =>
  impactOf([massage()], before, after).flatMap(({ misfits }) => misfits)

describe('a change after which a booking no longer fits', () => {
  test('shorter hours, told with what in them says so', () => {
    const closed = hoursOf(NINE_TO_TWELVE, { overrides: [{ date: DAY, windows: [window('09:30', '12:00')] }] })
    expect(impact(withAda({ hours: closed }))).toEqual([
      { subject: 'candidate', id: 'ada', cause: 'closed', because: { kind: 'override', date: DAY } },
    ])
  })

  test('shorter hours of the service', () => {
    expect(impact(withService({ hours: hoursOf([window('09:30', '12:00')]) }))).toEqual([
      { subject: 'service', cause: 'closed', because: { kind: 'weekly_hours' } },
    ])
  })

  test('time off, told with its id', () => {
    const off = { startMs: at('09:30'), endMs: at('11:00'), kind: 'time_off', id: 'dentist' } as const
    expect(impact(withAda({ busy: busyTimes([off]) }))).toEqual([
      { subject: 'candidate', id: 'ada', cause: 'busy', busy: off },
    ])
  })

  test('what only reaches into a buffer', () => {
    const painting = { startMs: at('10:15'), endMs: at('12:00'), kind: 'time_off' } as const
    const after = arranged({
      subjects: new Map([
        ['ada', { hours, busy: NEVER_BUSY }],
        ['room', { busy: busyTimes([painting]) }],
      ]),
    })
    expect(impact(after)).toEqual([{ subject: 'candidate', id: 'room', cause: 'buffer', busy: painting }])
  })

  test('a person who leaves, a room that goes, a service that ends', () => {
    expect(impact(arranged({ subjects: new Map(), services: new Map() }))).toEqual([
      { subject: 'service', cause: 'gone' },
      { subject: 'candidate', id: 'ada', cause: 'gone' },
      { subject: 'candidate', id: 'room', cause: 'gone' },
    ])
  })

  test('a person who stays but no longer serves it', () => {
    expect(impact(withService({ candidateIds: new Set(['room']) }))).toEqual([
      { subject: 'candidate', id: 'ada', cause: 'not_serving' },
    ])
  })
})

describe('a booking is left out', () => {
  test('that fits after the change as it did before', () => {
    expect(impact(withAda({ hours: hoursOf([window('08:00', '10:00')]) }))).toEqual([])
  })

  test('that did not fit before for the same reason: somebody wanted it so', () => {
    const closed = withAda({ hours: hoursOf([]) })
    expect(impact(closed, closed)).toEqual([])
    expect(misfitsOf(massage(), closed)).toHaveLength(1)
  })
})

test('bookings are told in the order in which they are given, each with its own reasons', () => {
  const later = massage({
    id: 'later',
    ...{ startMs: at('11:00'), endMs: at('12:00') },
    taken: [{ id: 'ada', startMs: at('11:00'), endMs: at('12:00') }],
  })
  const after = withAda({ hours: hoursOf([window('09:00', '11:30')]) })
  expect(impactOf([massage(), later], arranged(), after).map(({ booking }) => booking.id)).toEqual(['later'])
})
