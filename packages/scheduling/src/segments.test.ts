import { describe, expect, test } from 'vitest'
import { ask, at, hoursOf, oneOf, person, refusalsAt, room, timesOf, window } from '../test/ask.ts'
import {
  busySpans,
  checkStart,
  findSlots,
  NEVER_BUSY,
  type Candidate,
  type Requirement,
  type SlotQuery,
} from './index.ts'

const busyAt = (from: string, to: string, id = 'ada', more: Partial<Candidate> = {}) =>
  person(id, { busy: busySpans([at(from), at(to)]), ...more })

const freeLists = (query: SlotQuery, requirement = 0) => {
  const slots = findSlots(query)
  return Array.from(slots.startsMs, (_start, index) => slots.candidatesAt(index, requirement))
}

describe('so many of the candidates at once', () => {
  const [ada, bob, cleo] = [busyAt('09:00', '10:00'), person('bob'), busyAt('11:00', '12:00', 'cleo')]

  test('one is enough where one is asked for', () => {
    expect(timesOf(ask({}, [oneOf([ada, bob, cleo])]))).toHaveLength(6)
  })

  test('two of three: a start needs two who are free', () => {
    const query = ask({}, [oneOf([ada, bob, cleo], { count: 2 })])
    expect(timesOf(query)).toHaveLength(6)
    expect(freeLists(query)).toEqual([
      [1, 2],
      [1, 2],
      [0, 1, 2],
      [0, 1, 2],
      [0, 1],
      [0, 1],
    ])
  })

  test('all of them: everybody is free', () => {
    expect(timesOf(ask({}, [oneOf([ada, bob, cleo], { count: 3 })]))).toEqual(['10:00', '10:30'])
  })

  test('more than there are is never offered', () => {
    expect(timesOf(ask({}, [oneOf([ada, bob, cleo], { count: 4 })]))).toEqual([])
  })

  test('whoever was chosen must be among them', () => {
    expect(timesOf(ask({}, [oneOf([ada, bob, cleo], { chosen: 'cleo' })]))).toEqual([
      '09:00',
      '09:30',
      '10:00',
      '10:30',
    ])
    const two = ask({}, [oneOf([ada, bob, cleo], { count: 2, chosen: 'ada' })])
    expect(timesOf(two)).toEqual(['10:00', '10:30', '11:00', '11:30'])
  })

  test('whoever was chosen serves alone where one serves', () => {
    expect(freeLists(ask({}, [oneOf([ada, bob], { chosen: 'bob' })]))).toEqual(Array.from({ length: 6 }, () => [1]))
  })

  test('somebody chosen who is no candidate is never there', () => {
    expect(timesOf(ask({}, [oneOf([ada, bob], { chosen: 'zoe' })]))).toEqual([])
  })
})

describe('whose steps count', () => {
  const early = person('early', { hours: hoursOf([window('09:00', '12:00')]) })
  const late = person('late', { hours: hoursOf([window('09:10', '12:00')]) })

  test('one who serves alone serves at their own steps', () => {
    expect(freeLists(ask({ toMs: at('10:00') }, [oneOf([early, late])]))).toEqual([[0], [1], [0], [1]])
  })

  test('of several, the steps of any one who serves are enough', () => {
    const query = ask({ toMs: at('10:00') }, [oneOf([early, late], { count: 2 })])
    expect(timesOf(query)).toEqual(['09:10', '09:30', '09:40'])
  })

  test('the steps of somebody who is busy do not count', () => {
    const busy = { ...late, busy: busySpans([at('00:00'), at('24:00')]) }
    const third = person('third')
    expect(timesOf(ask({ toMs: at('10:00') }, [oneOf([early, busy, third], { count: 2 })]))).toEqual(['09:00', '09:30'])
  })

  test('only the first requirement’s do: others follow', () => {
    const query = ask({ toMs: at('10:00') }, [oneOf([early]), oneOf([late])])
    expect(timesOf(query)).toEqual(['09:30'])
  })
})

describe('several requirements at once', () => {
  test('"fixed plus one of": all are met at every start', () => {
    const query = ask({}, [
      oneOf([busyAt('09:00', '09:30')]),
      oneOf([busyAt('10:00', '12:00', 'bob'), busyAt('09:00', '11:00', 'cleo')]),
    ])
    expect(timesOf(query)).toEqual(['09:30', '11:00', '11:30'])
    expect(freeLists(query, 1)).toEqual([[0], [1], [1]])
  })

  test('nobody serves two of them at once', () => {
    const [ada, bob] = [person('ada'), busyAt('10:00', '11:00', 'bob')]
    const query = ask({}, [oneOf([ada, bob]), oneOf([ada, bob])])
    expect(timesOf(query)).toEqual(['09:00', '09:30', '11:00', '11:30'])
  })

  test('a room that is always open needs no hours', () => {
    expect(timesOf(ask({}, [oneOf([person('ada')]), oneOf([room('r')], { kind: 'resource' })]))).toHaveLength(6)
  })

  test('buffers are each requirement’s own', () => {
    const taken = [at('10:00'), at('10:30')]
    const requirements = [
      oneOf([person('ada', { busy: busySpans(taken) })], { bufferAfterMin: 30 }),
      oneOf([room('r', { busy: busySpans(taken) })], { kind: 'resource' as const, bufferBeforeMin: 30 }),
    ]
    expect(timesOf(ask({}, requirements))).toEqual(['09:00', '11:00', '11:30'])
  })
})

describe('an appointment in several steps', () => {
  const steps = (...segments: [lengthMin: number, requirements: Requirement[]][]) =>
    ask({ segments: segments.map(([lengthMin, requirements]) => ({ lengthMin, requirements })) })

  test('needs each only for the time of their step', () => {
    const query = steps([30, [oneOf([busyAt('10:00', '10:30')])]], [60, [oneOf([busyAt('09:30', '10:30', 'bob')])]])
    expect(timesOf(query)).toEqual(['10:30'])
    expect(findSlots(query).lengthMs).toBe(90 * 60_000)
  })

  test('only the first step must lie in the hours of whoever leads', () => {
    const afternoon = person('bob', { hours: hoursOf([window('12:00', '13:00')]) })
    expect(timesOf(steps([30, [oneOf([person('ada')])]], [60, [oneOf([afternoon])]]))).toEqual(['11:30'])
  })

  test('a step without requirements is a pause, in which everybody may do something else', () => {
    const colour = oneOf([busyAt('09:30', '10:30')])
    expect(timesOf(steps([30, [colour]], [60, []], [30, [colour]]))).toEqual(['09:00'])
  })

  test('one may serve in two steps, as these are not at once', () => {
    const ada = oneOf([person('ada')])
    expect(timesOf(steps([30, [ada]], [30, [ada]]))).toHaveLength(5)
  })

  test('the whole of it lies in the hours of the service, pauses too', () => {
    const ada = oneOf([person('ada')])
    const query = steps([30, [ada]], [90, []])
    expect(timesOf(query)).toHaveLength(6)
    const serviceHours = hoursOf([window('09:00', '12:00')])
    expect(timesOf({ ...query, serviceHours })).toEqual(['09:00', '09:30', '10:00'])
  })

  test('the whole of it may lie over midnight where hours meet there', () => {
    const allDay = person('ada', { hours: hoursOf([window('00:00', '24:00')]) })
    const query = { ...steps([30, [oneOf([allDay])]], [60, [oneOf([allDay])]]), fromMs: at('23:00'), toMs: at('23:45') }
    expect(timesOf(query)).toEqual(['23:00', '23:30'])
  })

  test('requirements are counted over all steps, in what is told and in who serves', () => {
    const bob = busyAt('09:30', '10:00', 'bob')
    const query = steps(
      [30, [oneOf([person('ada')])]],
      [30, [oneOf([room('r')], { kind: 'resource' }), oneOf([bob, person('cleo')])]],
    )
    const check = checkStart(query, at('09:00'))
    expect(check).toMatchObject({ ok: true, free: [[0], [0], [1]], assigned: [[0], [0], [1]] })
    const alone = steps([30, [oneOf([person('ada')])]], [30, [oneOf([room('r')], { kind: 'resource' }), oneOf([bob])]])
    expect(refusalsAt(alone, at('09:00'))).toMatchObject([{ reason: 'not_enough', kind: 'provider', requirement: 2 }])
  })

  test('a margin before the first step reaches back, one after the last forward', () => {
    const ada = person('ada', { busy: busySpans([at('08:30'), at('09:00')]), setUpMin: 10 })
    const bob = person('bob', { busy: busySpans([at('11:00'), at('11:30')]), cleanUpMin: 10 })
    const query = steps([30, [oneOf([ada])]], [30, [oneOf([bob])]])
    expect(timesOf(query)).toEqual(['09:30', '11:00'])
  })
})

test('without candidates nothing is offered', () => {
  expect(timesOf(ask({}, [oneOf([])]))).toEqual([])
  expect(timesOf(ask({}, [oneOf([person('ada', { busy: NEVER_BUSY })]), oneOf([], { kind: 'resource' })]))).toEqual([])
})
