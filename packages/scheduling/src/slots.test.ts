import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import {
  ask,
  at,
  DAY,
  everyDay,
  hoursOf,
  MINUTE_MS,
  ms,
  NINE_TO_TWELVE,
  oneOf,
  person,
  room,
  timesOf,
  wallTimes,
  window,
} from '../test/ask.ts'
import { busySpans, busyTimes, expandSchedule, findSlots, type LocalWindow, type SlotQuery } from './index.ts'

const withHours = (windows: LocalWindow[], more: Partial<SlotQuery> = {}) =>
  ask(more, [oneOf([person('ada', { hours: hoursOf(windows) })])])

describe('who could serve', () => {
  const busyAt = (from: string, to: string) => busySpans([at(from), at(to)])

  test('is one and the same list wherever the same ones could', () => {
    const people = [person('ada', { busy: busyAt('10:00', '10:30') }), person('bob')]
    const slots = findSlots(ask({}, [oneOf(people)]))
    expect([0, 1, 2, 3].map((index) => slots.candidatesAt(index))).toEqual([[0, 1], [0, 1], [1], [0, 1]])
    expect(slots.candidatesAt(1)).toBe(slots.candidatesAt(0))
    expect(slots.candidatesAt(3)).toBe(slots.candidatesAt(0))
  })

  test('is never mixed up, however many there are', () => {
    const people = Array.from({ length: 70 }, (_one, index) => {
      const free = [[0, 32], [63], [0, 32], [1, 32], [64]].map((some) => some.includes(index))
      const times = free.flatMap((isFree, step) => (isFree ? [] : [at('09:00') + step * 30 * MINUTE_MS]))
      return person(`p${index}`, { busy: busySpans(times.flatMap((ms) => [ms, ms + 30 * MINUTE_MS])) })
    })
    const slots = findSlots(ask({ toMs: at('11:30') }, [oneOf(people)]))
    expect([0, 1, 2, 3, 4].map((index) => slots.candidatesAt(index))).toEqual([[0, 32], [63], [0, 32], [1, 32], [64]])
    expect(slots.candidatesAt(2)).toBe(slots.candidatesAt(0))
  })

  test('is told by requirement, of which there are no more than were asked for', () => {
    const slots = findSlots(ask({}, [oneOf([person('ada')]), oneOf([room('r'), room('s')], { kind: 'resource' })]))
    expect(slots.candidatesAt(0, 1)).toEqual([0, 1])
    expect(slots.candidatesAt(0, 2)).toEqual([])
    expect(slots.candidatesAt(99)).toEqual([])
  })
})

describe('at which of the open times appointments start', () => {
  test('a day may have several windows; starts are counted from the beginning of each', () => {
    const query = withHours([window('09:10', '10:10'), window('13:00', '14:00')])
    expect(timesOf(query)).toEqual(['09:10', '09:40', '13:00', '13:30'])
  })

  test('an appointment ends within its window; the end itself is not part of the window', () => {
    const query = withHours([window('09:00', '10:00')], {
      steps: { everyMin: 15 },
      segments: [
        { lengthMin: 60, requirements: [oneOf([person('ada', { hours: hoursOf([window('09:00', '10:00')]) })])] },
      ],
    })
    expect(timesOf(query)).toEqual(['09:00'])
  })

  test('an offset puts the first start so much after the beginning of the window', () => {
    const query = withHours([window('09:10', '11:10')], { steps: { everyMin: 30, offsetMin: 5 } })
    expect(timesOf(query)).toEqual(['09:15', '09:45', '10:15'])
  })

  test('an offset longer than a step leaves the steps before it out', () => {
    expect(timesOf(ask({ steps: { everyMin: 30, offsetMin: 75 } }))).toEqual(['10:15', '10:45', '11:15'])
  })

  test('steps may count from midnight, wherever the window begins', () => {
    const query = withHours([window('09:10', '11:10')], { steps: { everyMin: 30, from: 'midnight' } })
    expect(timesOf(query)).toEqual(['09:30', '10:00', '10:30'])
  })

  test('from midnight, too, the first start comes so much after it as the offset says', () => {
    const query = withHours([window('00:00', '03:00')], { steps: { everyMin: 60, from: 'midnight', offsetMin: 90 } })
    expect(timesOf(query)).toEqual(['01:30', '02:30'])
  })

  test('over midnight the steps go on counting from the midnight of the date on which the window began', () => {
    const steps = { everyMin: 50, from: 'midnight' } as const
    const query = withHours([{ startMin: 23 * 60, endMin: 26 * 60 }], {
      steps,
      fromMs: at('22:00'),
      toMs: at('22:00') + 4 * 60 * MINUTE_MS,
    })
    expect(timesOf(query)).toEqual(['23:20', '00:10', '01:00'])
  })

  test('hours of the service cut those of the provider, and begin the counting anew', () => {
    const query = withHours(NINE_TO_TWELVE, { serviceHours: hoursOf([window('09:20', '10:40')]) })
    expect(timesOf(query)).toEqual(['09:20', '09:50'])
  })

  test('where the provider begins later than the service, starts count from the provider’s hours', () => {
    const query = withHours([window('09:10', '10:40')], { serviceHours: hoursOf(NINE_TO_TWELVE) })
    expect(timesOf(query)).toEqual(['09:10', '09:40', '10:10'])
  })

  test('starts of all providers are listed together, each by the steps of its own hours', () => {
    const bob = person('bob', { hours: hoursOf([window('09:10', '10:10')]) })
    const ada = person('ada', { hours: hoursOf([window('09:00', '10:00')]) })
    const slots = findSlots(ask({}, [oneOf([ada, bob])]))
    expect(timesOf(ask({}, [oneOf([ada, bob])]))).toEqual(['09:00', '09:10', '09:30', '09:40'])
    expect(Array.from(slots.startsMs, (_start, index) => slots.candidatesAt(index))).toEqual([[0], [1], [0], [1]])
  })
})

describe('what is taken', () => {
  const busy = busySpans([at('10:00'), at('10:30')])
  const withBusy = (more: { bufferBeforeMin?: number; bufferAfterMin?: number } = {}) =>
    ask({}, [oneOf([person('ada', { busy })], more)])

  test('appointments may touch what is busy, and not overlap it', () => {
    expect(timesOf(withBusy())).toEqual(['09:00', '09:30', '10:30', '11:00', '11:30'])
  })

  test('buffers must be free too, and may lie outside the hours', () => {
    expect(timesOf(withBusy({ bufferBeforeMin: 15, bufferAfterMin: 15 }))).toEqual(['09:00', '11:00', '11:30'])
  })

  test('of the buffer of the service and the set-up of the candidate the longer holds', () => {
    const setUp = (setUpMin: number) => [oneOf([person('ada', { busy, setUpMin })], { bufferBeforeMin: 15 })]
    expect(timesOf(ask({}, setUp(0)))).toEqual(['09:00', '09:30', '11:00', '11:30'])
    expect(timesOf(ask({}, setUp(31)))).toEqual(['09:00', '09:30', '11:30'])
  })

  test('the clean-up after an appointment must end before the next thing begins', () => {
    const query = ask({}, [oneOf([person('ada', { busy, cleanUpMin: 10 })], { bufferAfterMin: 5 })])
    expect(timesOf(query)).toEqual(['09:00', '10:30', '11:00', '11:30'])
  })

  test('a busy time brings buffers of its own, and both buffers have room', () => {
    const times = busyTimes([
      { startMs: at('10:00'), endMs: at('10:30'), kind: 'booking', bufferBeforeMin: 10, bufferAfterMin: 10 },
    ])
    expect(timesOf(ask({}, [oneOf([person('ada', { busy: times })])]))).toEqual(['09:00', '11:00', '11:30'])
    const withAnother = ask({ steps: { everyMin: 10 } }, [
      oneOf([person('ada', { busy: times })], { bufferBeforeMin: 10 }),
    ])
    expect(timesOf(withAnother)).toContain('10:50')
    expect(timesOf(withAnother)).not.toContain('10:40')
  })

  test('a room is needed as much as a person', () => {
    const taken = room('room 1', { busy: busySpans([at('09:00'), at('11:00')]) })
    const query = ask({}, [oneOf([person('ada')]), oneOf([taken], { kind: 'resource' })])
    expect(timesOf(query)).toEqual(['11:00', '11:30'])
  })

  test('of two providers, each start names those who are free', () => {
    const slots = findSlots(ask({}, [oneOf([person('ada', { busy }), person('bob')])]))
    const lists = Array.from(slots.startsMs, (_start, index) => slots.candidatesAt(index))
    expect(lists).toEqual([[0, 1], [0, 1], [1], [0, 1], [0, 1], [0, 1]])
  })
})

describe('how soon and how far ahead', () => {
  test('the notice is inclusive: a start exactly that far ahead is offered', () => {
    expect(timesOf(ask({ nowMs: at('09:00'), noticeMin: 60 }))).toEqual(['10:00', '10:30', '11:00', '11:30'])
  })

  test('starts lie in the window: its beginning is in it, its end is not', () => {
    const query = ask({ window: { fromMs: at('09:30'), untilMs: at('11:00') } })
    expect(timesOf(query)).toEqual(['09:30', '10:00', '10:30'])
  })

  test('the range asked about is half-open too', () => {
    expect(timesOf(ask({ fromMs: at('09:30'), toMs: at('10:30') }))).toEqual(['09:30', '10:00'])
    expect(timesOf(ask({ fromMs: at('10:30'), toMs: at('09:30') }))).toEqual([])
  })
})

describe('when the clocks change', () => {
  const night = (timeZone: string, date: string, windows = [window('01:00', '04:00')]) => {
    const hours = expandSchedule({ timeZone, weekly: everyDay(...windows) }, date, date)
    const noonMs = ms(`${date}T12:00Z`)
    const range = { fromMs: noonMs - 48 * 60 * MINUTE_MS, toMs: noonMs + 48 * 60 * MINUTE_MS }
    return wallTimes(ask(range, [oneOf([person('ada', { hours })])]), timeZone)
  }

  test('local times that the clocks skip are not offered, and no other moves', () => {
    expect(night('Europe/Berlin', '2026-03-29')).toEqual([
      '01:00 +01:00',
      '01:30 +01:00',
      '03:00 +02:00',
      '03:30 +02:00',
    ])
  })

  test('local times that come twice are offered once, at their first occurrence', () => {
    const times = ['01:00 +02:00', '01:30 +02:00', '02:00 +02:00', '02:30 +02:00', '03:00 +01:00', '03:30 +01:00']
    expect(night('Europe/Berlin', '2026-10-25')).toEqual(times)
  })

  test('where clocks move by half an hour, only that half hour is skipped', () => {
    const times = ['01:00 +10:30', '01:30 +10:30', '02:30 +11:00', '03:00 +11:00', '03:30 +11:00']
    expect(night('Australia/Lord_Howe', '2026-10-04')).toEqual(times)
  })

  test('a date that a place has skipped has no hours', () => {
    expect(night('Pacific/Apia', '2011-12-30', [window('09:00', '12:00')])).toEqual([])
  })

  test('a day without a midnight begins with its first minute', () => {
    const times = night('Africa/Cairo', '2026-04-24', [window('00:00', '02:00')])
    expect(times).toEqual(['01:00 +03:00', '01:30 +03:00'])
  })

  test.each(['2026-03-29', '2026-10-25', '2026-06-10'])('hours by day are on %s as on any other day', (date) => {
    const times = night('Europe/Berlin', date, [window('09:00', '10:00')])
    expect(times.map((time) => time.slice(0, 5))).toEqual(['09:00', '09:30'])
  })

  test('an appointment over the change has its length on the clock of physics, not on the wall', () => {
    const hours = expandSchedule(
      { timeZone: 'Europe/Berlin', weekly: everyDay(window('01:00', '04:00')) },
      '2026-03-29',
      '2026-03-29',
    )
    const segments = [{ lengthMin: 120, requirements: [oneOf([person('ada', { hours })])] }]
    const query = ask({ fromMs: ms('2026-03-28T20:00Z'), toMs: ms('2026-03-29T20:00Z'), segments })
    expect(wallTimes(query, 'Europe/Berlin')).toEqual(['01:00 +01:00'])
  })
})

describe('the first start of every day', () => {
  const range = { fromMs: at('00:00'), toMs: at('00:00') + 2 * 1440 * MINUTE_MS }

  test('is all that is offered, if asked for', () => {
    const query = ask({ ...range, firstOfDay: { timeZone: 'UTC' } })
    expect(timesOf(query)).toEqual(['09:00', '09:00'])
  })

  test('is the first that is free', () => {
    const busy = busySpans([at('08:00'), at('09:40')])
    const query = ask({ ...range, firstOfDay: { timeZone: 'UTC' } }, [oneOf([person('ada', { busy })])])
    expect(timesOf(query)).toEqual(['10:00', '09:00'])
  })

  test('stays the first of its day where only a part of the day is asked about', () => {
    expect(timesOf(ask({ fromMs: at('10:00'), firstOfDay: { timeZone: 'UTC' } }))).toEqual([])
  })

  test('belongs to the day of the zone', () => {
    // In Kiritimati, 14 hours ahead, the eleventh begins at 10:00 UTC; the first of the tenth was the day before.
    const query = ask({ firstOfDay: { timeZone: 'Pacific/Kiritimati' } })
    expect(timesOf(query)).toEqual(['10:00'])
  })

  test('is one even where clocks go back over midnight and a date goes on after the next has begun', () => {
    // Casey went from 02:00 on the fifth back to 23:00 on the fourth.
    const hours = hoursOf([window('00:00', '24:00')], {}, '2010-03-05')
    const query = (fromMs: number, toMs: number) =>
      ask({ fromMs, toMs, firstOfDay: { timeZone: 'Antarctica/Casey' } }, [oneOf([person('ada', { hours })])])
    const all = query(ms('2010-03-03T13:00Z'), ms('2010-03-05T17:00Z'))
    expect(wallTimes(all, 'Antarctica/Casey')).toEqual(['00:00 +11:00', '00:00 +11:00', '00:00 +08:00'])
    expect(timesOf(query(ms('2010-03-04T14:00Z'), ms('2010-03-04T15:30Z')))).toEqual([])
  })
})

describe('bad input', () => {
  const requirement = oneOf([person('ada')])
  const segment = (more: object) => ({ segments: [{ lengthMin: 30, requirements: [requirement], ...more }] })
  const requirements = (more: object) => segment({ requirements: [{ ...requirement, ...more }] })

  test.each([
    ['lengthMin', segment({ lengthMin: 0 })],
    ['lengthMin', segment({ lengthMin: 1.5 })],
    ['steps.everyMin', { steps: { everyMin: -5 } }],
    ['steps.offsetMin', { steps: { everyMin: 5, offsetMin: -1 } }],
    ['bufferBeforeMin', requirements({ bufferBeforeMin: -1 })],
    ['bufferAfterMin', requirements({ bufferAfterMin: Number.NaN })],
    ['setUpMin', requirements({ candidates: [person('ada', { setUpMin: -1 })] })],
    ['cleanUpMin', requirements({ candidates: [person('ada', { cleanUpMin: 0.5 })] })],
    ['count', requirements({ count: 0 })],
    ['turn.weight', requirements({ candidates: [person('ada', { turn: { weight: 0 } })] })],
    ['turn.load', requirements({ candidates: [person('ada', { turn: { load: Number.NaN } })] })],
    ['window.fromMs', { window: { fromMs: Number.NaN, untilMs: Infinity } }],
    [
      'session.seatsLeft',
      {
        group: {
          capacity: 1,
          seats: 1,
          sessions: [{ id: 'a', startMs: 0, endMs: 1, seatsLeft: Number.NaN, candidateIds: [] }],
        },
      },
    ],
    ['noticeMin', { noticeMin: 0.5 }],
    ['group.capacity', { group: { capacity: -1, seats: 1, sessions: [] } }],
    ['group.seats', { group: { capacity: 1, seats: 0, sessions: [] } }],
    ['packed.usefulMin', { packed: { usefulMin: 0 } }],
    ['fromMs', { fromMs: Number.NaN }],
    ['toMs', { toMs: Infinity }],
    ['nowMs', { nowMs: Number.NaN }],
  ])('%s out of its range is refused by name', (name, more) => {
    const refused = expect(() => findSlots(ask(more)))
    refused.toThrow(SAID)
    refused.toThrow(new RegExp(`^${name} must be`))
  })

  test.each([
    ['no segments', { segments: [] }],
    ['a first segment that nobody serves', segment({ requirements: [] })],
    ['a first requirement of somebody without hours', requirements({ candidates: [room('ada')] })],
    ['a candidate named twice', requirements({ candidates: [person('ada'), person('ada')] })],
  ])('%s is refused', (_what, more) => {
    expect(() => findSlots(ask(more))).toThrow(SAID)
  })
})

test('arguments are left as they are', () => {
  const query = ask({ window: { fromMs: at('09:30'), untilMs: at('11:00') }, packed: { usefulMin: 30 } })
  const before = structuredClone({ ...query, segments: JSON.stringify(query.segments) })
  findSlots(query)
  expect({ ...query, segments: JSON.stringify(query.segments) }).toEqual(before)
})

test(`the day of these tests is a Wednesday`, () => {
  expect(Temporal.PlainDate.from(DAY).dayOfWeek).toBe(3)
})
