import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import { ask, at, DAY, hoursOf, NINE_TO_TWELVE, oneOf, person, refusalsAt, shift, window } from '../test/ask.ts'
import { busySpans, busyTimes, limit, type Absence, type BusyTime, type Candidate } from './index.ts'

/** What keeps Ada from serving at a time. */
function causesAt(
  time: string,
  ada: Partial<Candidate>,
  more: { bufferBeforeMin?: number; bufferAfterMin?: number } = {},
): readonly Absence[] {
  const [refusal] = refusalsAt(ask({}, [oneOf([person('ada', ada)], more)]), at(time))
  return refusal?.reason === 'not_enough' ? (refusal.absent[0]?.causes ?? []) : []
}

describe('closed', () => {
  const closed = (schedule: object, time = '08:00') => causesAt(time, { hours: hoursOf(NINE_TO_TWELVE, schedule) })

  test('because of the hours of the week', () => {
    expect(closed({})).toEqual([{ cause: 'closed', because: { kind: 'weekly_hours' } }])
  })

  test('because of an override', () => {
    const overrides = [{ date: DAY, windows: [window('15:00', '16:00')] }]
    expect(closed({ overrides }, '09:00')).toEqual([{ cause: 'closed', because: { kind: 'override', date: DAY } }])
  })

  test('because of a holiday, with its name', () => {
    const holidays = [{ date: DAY, name: 'Founders’ day' }]
    const because = { kind: 'holiday', date: DAY, name: 'Founders’ day' }
    expect(closed({ holidays }, '09:00')).toEqual([{ cause: 'closed', because }])
  })

  test('because of a closure, with its dates and name', () => {
    const closures = [{ fromDate: '2026-06-01', toDate: '2026-06-30', name: 'Works' }]
    const because = { kind: 'closure', fromDate: '2026-06-01', toDate: '2026-06-30', name: 'Works' }
    expect(closed({ closures }, '09:00')).toEqual([{ cause: 'closed', because }])
  })

  test('because of a closure that begins before the end, with the night before it open', () => {
    const closures = [{ fromDate: shift(DAY, 1), toDate: shift(DAY, 1) }]
    const night = hoursOf([{ startMin: 22 * 60, endMin: 26 * 60 }], { closures })
    expect(causesAt('23:45', { hours: night })).toMatchObject([{ cause: 'closed', because: { kind: 'closure' } }])
  })

  test('because of what holds where somebody stays', () => {
    // At 20:00 UTC it is the eleventh in Tokyo.
    const stays = [{ fromDate: DAY, toDate: shift(DAY, 1), timeZone: 'Asia/Tokyo' }]
    const holidays = [{ date: shift(DAY, 1), name: 'There' }]
    expect(closed({ stays, holidays }, '20:00')).toMatchObject([{ because: { kind: 'holiday', name: 'There' } }])
  })

  test('where an appointment would reach beyond the hours, too', () => {
    expect(closed({}, '11:45')).toMatchObject([{ cause: 'closed' }])
  })
})

describe('busy', () => {
  const lunch: BusyTime = { startMs: at('10:00'), endMs: at('10:30'), kind: 'time_off', id: 'lunch' }

  test.each(['booking', 'hold', 'time_off', 'external'] as const)('with a %s, which is named', (kind) => {
    const busy = { ...lunch, kind }
    expect(causesAt('10:00', { busy: busyTimes([busy]) })).toEqual([{ cause: 'busy', busy }])
  })

  test('with all that lies in the way', () => {
    const other = { ...lunch, startMs: at('10:20'), endMs: at('11:00'), id: 'call' }
    const later = { ...lunch, startMs: at('10:30'), endMs: at('11:00'), id: 'later' }
    const causes = causesAt('10:00', { busy: busyTimes([lunch, other, later]) })
    expect(causes.map((cause) => 'busy' in cause && cause.busy?.id)).toEqual(['lunch', 'call'])
  })

  test('with something of which only the extent is known', () => {
    expect(causesAt('10:00', { busy: busySpans([at('10:00'), at('10:30')]) })).toEqual([
      { cause: 'busy', busy: undefined },
    ])
  })

  test('because a calendar cannot be read: nobody knows', () => {
    const busy: BusyTime = { startMs: at('00:00'), endMs: at('24:00'), kind: 'unreadable', id: 'calendar' }
    expect(causesAt('10:00', { busy: busyTimes([busy]) })).toEqual([{ cause: 'unreadable', busy }])
  })

  test('only by the buffer of the appointment asked for', () => {
    const buffers = { bufferBeforeMin: 10 }
    expect(causesAt('10:30', { busy: busyTimes([lunch]) }, buffers)).toEqual([{ cause: 'buffer', busy: lunch }])
    expect(causesAt('09:30', { busy: busyTimes([lunch]), cleanUpMin: 5 })).toEqual([{ cause: 'buffer', busy: lunch }])
  })

  test('only by the buffer of the booking that is there, which is named', () => {
    const booking: BusyTime = { ...lunch, kind: 'booking', id: 'b1', bufferAfterMin: 15 }
    expect(causesAt('10:30', { busy: busyTimes([booking]) })).toEqual([{ cause: 'buffer', busy: booking }])
  })

  test('only by both buffers together', () => {
    const booking: BusyTime = { ...lunch, kind: 'booking', bufferAfterMin: 15 }
    expect(causesAt('11:00', { busy: busyTimes([booking]) }, { bufferBeforeMin: 15 })).toEqual([])
    expect(causesAt('11:00', { busy: busyTimes([booking]) }, { bufferBeforeMin: 16 })).toMatchObject([
      { cause: 'buffer' },
    ])
  })

  test.each([
    ['end before they start', { endMs: at('09:00'), bufferAfterMin: 120 }],
    ['take no time', { endMs: at('10:00'), bufferAfterMin: 120 }],
    ['have a buffer below 0', { bufferBeforeMin: -1 }],
    ['have a buffer below 0 after them', { bufferAfterMin: -1 }],
    ['have a buffer that is no number', { bufferAfterMin: Number.NaN }],
    ['start at no time', { startMs: Number.NaN }],
  ])('times that %s are refused', (_what, wrong) => {
    expect(() => busyTimes([{ ...lunch, ...wrong }])).toThrow(SAID)
  })

  test('spans that are none are refused', () => {
    expect(() => busySpans([at('10:00'), at('10:00')])).toThrow(SAID)
    expect(() => busySpans([at('10:00')])).toThrow(SAID)
  })
})

describe('a limit', () => {
  const counted = [{ startMs: at('16:00'), minutes: 45 }]
  const one = limit({ per: 'day', maxCount: 1 }, { timeZone: 'UTC' }, counted)
  const use = { rule: { per: 'day', maxCount: 1 }, count: 1, minutes: 45 }

  test('of a candidate is told with what counts against it', () => {
    expect(causesAt('10:00', { limits: [one] })).toEqual([{ cause: 'limit', limit: use }])
  })

  test.each(['service', 'customer'] as const)('of the %s is told with what counts against it', (of) => {
    expect(refusalsAt(ask({ limits: [{ of, limit: one }] }), at('10:00'))).toEqual([
      { reason: 'limit', of, limit: use },
    ])
  })
})
