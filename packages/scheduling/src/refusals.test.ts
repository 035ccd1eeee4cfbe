import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import {
  ask,
  at,
  DAY,
  hoursOf,
  MINUTE_MS,
  ms,
  NINE_TO_TWELVE,
  oneOf,
  person,
  refusalsAt,
  room,
  window,
} from '../test/ask.ts'
import { busySpans, busyTimes, checkStart, limit, publicReason, type Refusal, type SlotQuery } from './index.ts'

const UTC = { timeZone: 'UTC' }
const allDay = [window('00:00', '24:00')]

const reasonsAt = (query: SlotQuery, time: string) => refusalsAt(query, at(time)).map(({ reason }) => reason)

describe('a start that is offered', () => {
  test('names who could serve and who is to, for every requirement', () => {
    const query = ask({}, [oneOf([person('ada'), person('bob')]), oneOf([room('r')], { kind: 'resource' })])
    const check = checkStart(query, at('09:30'))
    expect(check).toEqual({ ok: true, free: [[0, 1], [0]], assigned: [[0], [0]], sessions: [], seatsLeft: 1 })
  })

  test('is offered whatever range the query asks about', () => {
    expect(checkStart(ask({ fromMs: at('11:00'), toMs: at('11:30') }), at('09:30')).ok).toBe(true)
  })
})

describe('too soon or too late', () => {
  test('a start that is past is past, and nothing is said of notice', () => {
    expect(refusalsAt(ask({ nowMs: at('09:31'), noticeMin: 60 }), at('09:30'))).toEqual([{ reason: 'past' }])
  })

  test('a start at this moment is not past', () => {
    expect(refusalsAt(ask({ nowMs: at('09:30') }), at('09:30'))).toEqual([])
  })

  test('within notice the earliest moment that may be booked is told', () => {
    const query = ask({ nowMs: at('09:00'), noticeMin: 60 })
    expect(refusalsAt(query, at('09:30'))).toEqual([{ reason: 'notice', earliestMs: at('10:00') }])
  })

  test('outside of the booking window its ends are told', () => {
    const bounds = { fromMs: at('09:30'), untilMs: at('10:30') }
    expect(refusalsAt(ask({ window: bounds }), at('09:00'))).toEqual([{ reason: 'window', ...bounds }])
    expect(refusalsAt(ask({ window: bounds }), at('10:30'))).toEqual([{ reason: 'window', ...bounds }])
  })

  test('on its first moment the window is open: only what else stands against it is told', () => {
    const busy = busyTimes([{ kind: 'hold', startMs: at('09:00'), endMs: at('12:00') }])
    const query = ask({ window: { fromMs: at('09:30'), untilMs: at('10:30') } }, [oneOf([person('ada', { busy })])])
    expect(reasonsAt(query, '09:30')).toEqual(['not_enough'])
    expect(reasonsAt(query, '10:00')).toEqual(['not_enough'])
    expect(reasonsAt(query, '10:30')).toEqual(['window', 'not_enough'])
  })

  test('both are told where both hold', () => {
    const query = ask({ nowMs: at('09:00'), noticeMin: 60, window: { fromMs: at('11:00'), untilMs: at('12:00') } })
    expect(reasonsAt(query, '09:30')).toEqual(['notice', 'window'])
  })
})

describe('the service is closed', () => {
  test('and why', () => {
    const holidays = [{ date: DAY, name: 'Founders’ day' }]
    const query = ask({ serviceHours: hoursOf(NINE_TO_TWELVE, { holidays }) })
    const because = { kind: 'holiday', date: DAY, name: 'Founders’ day' }
    expect(refusalsAt(query, at('09:00'))).toEqual([{ reason: 'service_closed', because }])
  })

  test('for some of the whole appointment, though whoever serves is done by then', () => {
    const query = ask({
      serviceHours: hoursOf([window('09:00', '10:00')]),
      segments: [
        { lengthMin: 30, requirements: [oneOf([person('ada')])] },
        { lengthMin: 60, requirements: [] },
      ],
    })
    expect(reasonsAt(query, '09:00')).toEqual(['service_closed'])
  })

  test('and who else is not there is told as well', () => {
    const query = ask({ serviceHours: hoursOf([window('10:00', '12:00')]) }, [
      oneOf([person('ada', { hours: hoursOf([window('11:00', '12:00')]) })]),
    ])
    expect(reasonsAt(query, '09:00')).toEqual(['service_closed', 'not_enough'])
  })
})

describe('too few', () => {
  const busy = busySpans([at('09:00'), at('10:00')])

  test('are told with how many are needed and free, and who is absent', () => {
    const query = ask({}, [oneOf([person('ada', { busy }), person('bob')], { count: 2 })])
    expect(refusalsAt(query, at('09:00'))).toEqual([
      {
        ...{ reason: 'not_enough', kind: 'provider', requirement: 0, needed: 2, free: 1 },
        absent: [{ id: 'ada', causes: [{ cause: 'busy', busy: undefined }] }],
      },
    ])
  })

  test('rooms are told by their requirement', () => {
    const query = ask({}, [oneOf([person('ada')]), oneOf([room('r', { busy })], { kind: 'resource' })])
    expect(refusalsAt(query, at('09:00'))).toMatchObject([
      { reason: 'not_enough', kind: 'resource', requirement: 1, needed: 1, free: 0, absent: [{ id: 'r' }] },
    ])
  })

  test('where somebody was chosen to serve alone, only they are told of', () => {
    const query = ask({}, [oneOf([person('ada', { busy }), person('bob', { busy })], { chosen: 'bob' })])
    expect(refusalsAt(query, at('09:00'))).toMatchObject([{ reason: 'not_enough', absent: [{ id: 'bob' }] }])
  })

  test('one absent for several reasons has all of them', () => {
    const full = limit({ per: 'day', maxCount: 0 }, UTC, [])
    const ada = person('ada', { busy: busySpans([at('12:00'), at('13:00')]), limits: [full] })
    expect(refusalsAt(ask({}, [oneOf([ada])]), at('12:30'))).toMatchObject([
      { absent: [{ causes: [{ cause: 'closed' }, { cause: 'busy' }, { cause: 'limit' }] }] },
    ])
  })

  test('of a requirement that has enough but for whoever was chosen, only they are told of', () => {
    const busy = busyTimes([{ kind: 'hold', startMs: at('09:00'), endMs: at('12:00') }])
    const people = [person('ada'), person('bob'), person('cleo', { busy }), person('dan', { busy })]
    const [refusal] = refusalsAt(ask({}, [oneOf(people, { count: 2, chosen: 'dan' })]), at('09:30'))
    expect(refusal).toMatchObject({ needed: 2, free: 2, absent: [{ id: 'dan' }] })
    const [fewer] = refusalsAt(ask({}, [oneOf(people, { count: 3, chosen: 'dan' })]), at('09:30'))
    expect(fewer).toMatchObject({ needed: 3, free: 2, absent: [{ id: 'cleo' }, { id: 'dan' }] })
  })

  test('the step is told, too, where one who has the hours for it is busy', () => {
    const busy = busyTimes([{ kind: 'hold', startMs: at('09:00'), endMs: at('10:00') }])
    const late = person('bob', { hours: hoursOf([window('11:00', '12:00')]) })
    const query = ask({}, [oneOf([person('ada', { busy }), late])])
    expect(reasonsAt(query, '09:10')).toEqual(['steps', 'not_enough'])
    expect(reasonsAt(query, '09:30')).toEqual(['not_enough'])
    expect(reasonsAt(query, '07:10')).toEqual(['not_enough'])
  })

  test('requirements that are not met are all told', () => {
    const query = ask({}, [oneOf([person('ada', { busy })]), oneOf([room('r', { busy })], { kind: 'resource' })])
    expect(reasonsAt(query, '09:00')).toEqual(['not_enough', 'not_enough'])
  })

  test('somebody free may not be in step: others’ hours have the start, and they are busy', () => {
    const bob = person('bob', { hours: hoursOf([window('08:45', '12:00')]) })
    const query = ask({}, [oneOf([person('ada', { busy }), bob])])
    expect(refusalsAt(query, at('09:30'))).toMatchObject([
      {
        absent: [
          { id: 'ada', causes: [{ cause: 'busy' }] },
          { id: 'bob', causes: [{ cause: 'steps' }] },
        ],
      },
    ])
  })
})

describe('all are free, and yet', () => {
  test('the start is none of the steps', () => {
    expect(refusalsAt(ask(), at('09:10'))).toEqual([{ reason: 'steps' }])
  })

  test('nobody of those who serve together is in step', () => {
    const busy = busySpans([at('00:00'), at('24:00')])
    const other = (id: string) => person(id, { hours: hoursOf([window('08:45', '12:00')]) })
    const query = ask({}, [oneOf([person('ada', { busy }), other('bob'), other('cleo')], { count: 2 })])
    expect(refusalsAt(query, at('09:00'))).toEqual([{ reason: 'steps' }])
  })

  test('the clocks show that time for the second time', () => {
    const berlin = hoursOf([window('01:00', '04:00')], { timeZone: 'Europe/Berlin' }, '2026-10-25')
    const query = ask({}, [oneOf([person('ada', { hours: berlin })])])
    expect(refusalsAt(query, ms('2026-10-25T00:30Z'))).toEqual([])
    expect(refusalsAt(query, ms('2026-10-25T01:30Z'))).toEqual([{ reason: 'steps' }])
  })

  test('one would have to serve twice at once', () => {
    const ada = person('ada')
    expect(refusalsAt(ask({}, [oneOf([ada]), oneOf([ada])]), at('09:00'))).toEqual([{ reason: 'shared' }])
  })

  test('only the first start of the day is offered, which is told', () => {
    const query = ask({ firstOfDay: UTC })
    expect(refusalsAt(query, at('09:30'))).toEqual([{ reason: 'not_first', firstMs: at('09:00') }])
  })

  test('where clocks go back over midnight, the first told is of the same date', () => {
    const hours = hoursOf([window('00:00', '24:00')], { timeZone: 'Asia/Tokyo' }, '2010-03-05')
    const range = { fromMs: ms('2010-03-04T00:00Z'), toMs: ms('2010-03-06T00:00Z') }
    const bounds = { fromMs: ms('2010-03-04T15:30Z'), untilMs: ms('2010-03-06T00:00Z') }
    const query = ask({ ...range, window: bounds, firstOfDay: { timeZone: 'Antarctica/Casey' } }, [
      oneOf([person('ada', { hours })]),
    ])
    // There, 15:30 is half past eleven of the fourth, though the fifth began at 13:00 and went back at 15:00.
    expect(refusalsAt(query, ms('2010-03-04T15:30Z'))).toEqual([])
    expect(refusalsAt(query, ms('2010-03-04T16:00Z'))).toEqual([])
    expect(refusalsAt(query, ms('2010-03-04T16:30Z'))).toEqual([
      { reason: 'not_first', firstMs: ms('2010-03-04T16:00Z') },
    ])
  })

  test('another start leaves less useless time', () => {
    const query = ask({ packed: { usefulMin: 45 } }, [
      oneOf([person('ada', { busy: busySpans([at('09:00'), at('10:30')]) })]),
    ])
    expect(refusalsAt(query, at('11:00'))).toEqual([{ reason: 'gap' }])
  })
})

describe('the public is told one word', () => {
  const busy = busySpans([at('09:00'), at('10:00')])
  const away = person('ada', { hours: hoursOf([window('15:00', '16:00')]) })
  const full = limit({ per: 'day', maxCount: 0 }, UTC, [])
  const group = (seats: number) => ({ group: { capacity: 1, seats, sessions: [] } })

  test.each<[string, string, SlotQuery]>([
    ['past', 'the start is past', ask({ nowMs: at('12:00') })],
    ['notice', 'it is too soon', ask({ nowMs: at('08:59'), noticeMin: 60 })],
    ['window', 'it is outside of the booking window', ask({ window: { fromMs: 0, untilMs: 1 } })],
    ['no_provider', 'nobody can serve at all', ask({}, [oneOf([])])],
    ['resource', 'there is no such room at all', ask({}, [oneOf([person('ada')]), oneOf([], { kind: 'resource' })])],
    ['full', 'there are too few seats', ask(group(2))],
    ['limit', 'the customer has reached a limit', ask({ limits: [{ of: 'customer', limit: full }] })],
    ['taken', 'the service has reached a limit', ask({ limits: [{ of: 'service', limit: full }] })],
    ['taken', 'a provider has reached a limit', ask({}, [oneOf([person('ada', { limits: [full] })])])],
    ['taken', 'everybody is busy', ask({}, [oneOf([person('ada', { busy })])])],
    ['taken', 'one would have to be in two places', ask({}, [oneOf([person('ada')]), oneOf([person('ada')])])],
    ['taken', 'some are busy and others closed', ask({}, [oneOf([person('bob', { busy }), away])])],
    [
      'resource',
      'the rooms are busy',
      ask({}, [oneOf([person('ada')]), oneOf([room('r', { busy })], { kind: 'resource' })]),
    ],
    ['hours', 'the service is closed', ask({ serviceHours: hoursOf([window('15:00', '16:00')]) })],
    ['hours', 'everybody is closed', ask({}, [oneOf([away])])],
    ['hours', 'too few are open, whoever is busy', ask({}, [oneOf([person('bob', { busy }), away], { count: 2 })])],
    ['hours', 'whoever was chosen is closed', ask({}, [oneOf([person('bob'), away], { chosen: 'ada' })])],
    [
      'hours',
      'whoever was chosen among several is closed',
      ask({}, [oneOf([person('bob'), person('cleo'), away], { count: 2, chosen: 'ada' })]),
    ],
    [
      'taken',
      'whoever was chosen is busy',
      ask({}, [oneOf([person('bob'), person('ada', { busy })], { chosen: 'ada' })]),
    ],
    [
      'taken',
      'whoever was chosen among several is busy',
      ask({}, [oneOf([person('bob'), person('cleo'), person('ada', { busy })], { count: 2, chosen: 'ada' })]),
    ],
    ['no_provider', 'somebody chosen does not serve this', ask({}, [oneOf([person('bob')], { chosen: 'ada' })])],
    [
      'no_provider',
      'somebody chosen among several does not serve this',
      ask({}, [oneOf([person('bob'), person('cleo')], { count: 2, chosen: 'ada' })]),
    ],
    [
      'not_offered',
      'another start is preferred',
      ask({ firstOfDay: UTC }, [oneOf([person('ada', { hours: hoursOf([window('08:00', '12:00')]) })])]),
    ],
  ])('%s, when %s', (reason, _when, query) => {
    expect(publicReason(refusalsAt(query, at('09:00')))).toBe(reason)
  })

  test('steps, when appointments start at other times', () => {
    expect(publicReason(refusalsAt(ask(), at('09:10')))).toBe('steps')
  })

  test('what follows from the published rules comes before what others have done', () => {
    const query = ask({ nowMs: at('08:59'), noticeMin: 60 }, [oneOf([person('ada', { busy })])])
    expect(publicReason(refusalsAt(query, at('09:00')))).toBe('notice')
    expect(publicReason(refusalsAt(ask(group(2), [oneOf([away])]), at('09:00')))).toBe('hours')
  })

  test('the same one whatever keeps people busy, and whoever they are', () => {
    const kinds = ['booking', 'hold', 'time_off', 'external', 'unreadable'] as const
    const reasons = kinds.map((kind) => {
      const times = busyTimes([
        { startMs: at('09:00'), endMs: at('09:00') + 30 * MINUTE_MS, kind, id: `secret ${kind}` },
      ])
      return publicReason(refusalsAt(ask({}, [oneOf([person(kind, { busy: times })])]), at('09:00')))
    })
    expect(new Set(reasons)).toEqual(new Set(['taken']))
  })

  test('not_offered, of reasons that concern a series only', () => {
    const ofSeries: Refusal[] = [{ reason: 'skipped' }, { reason: 'series', startMs: 0 }]
    expect(ofSeries.map((one) => publicReason([one]))).toEqual(['not_offered', 'not_offered'])
  })
})

test('a bad query is refused as by a listing', () => {
  expect(() => checkStart(ask({ noticeMin: -1 }), at('09:00'))).toThrow(SAID)
  expect(() =>
    checkStart(ask({}, [oneOf([person('ada', { hours: hoursOf(allDay), setUpMin: -1 })])]), at('09:00')),
  ).toThrow(SAID)
  expect(() => checkStart(ask(), Number.NaN)).toThrow(SAID)
})
