import { describe, expect, test } from 'vitest'
import { ask, at, MINUTE_MS, NINE_TO_TWELVE, hoursOf, oneOf, person, refusalsAt, timesOf } from '../test/ask.ts'
import { busySpans, checkStart, findSlots, limit, type Requirement, type Session, type SlotQuery } from './index.ts'

const session = (start: string, seatsLeft: number, more: Partial<Session> = {}): Session => ({
  ...{ id: `at ${start}`, startMs: at(start), endMs: at(start) + 30 * MINUTE_MS },
  ...{ seatsLeft, candidateIds: ['ada'], ...more },
})

/** Ada, who has the sessions, is busy while they last. */
function course(capacity: number, seats: number, sessions: Session[], more: Partial<Requirement> = {}): SlotQuery {
  const busy = busySpans(sessions.flatMap(({ startMs, endMs }) => [startMs, endMs]))
  const ada = person('ada', { hours: hoursOf(NINE_TO_TWELVE), busy })
  const candidates = [ada, ...(more.candidates ?? [])]
  return ask({ toMs: at('10:30'), group: { capacity, seats, sessions } }, [oneOf(candidates, { ...more, candidates })])
}

const seatsOf = (query: SlotQuery) => {
  const slots = findSlots(query)
  return Array.from(slots.startsMs, (_start, index) => slots.seatsLeftAt(index))
}

describe('a group session', () => {
  test('that exists is offered beside new ones, each with its seats', () => {
    const query = course(8, 1, [session('09:30', 3)])
    expect(timesOf(query)).toEqual(['09:00', '09:30', '10:00'])
    expect(seatsOf(query)).toEqual([8, 3, 8])
  })

  test('needs seats for all who come together', () => {
    expect(timesOf(course(8, 3, [session('09:30', 3)]))).toContain('09:30')
    expect(timesOf(course(8, 4, [session('09:30', 3)]))).not.toContain('09:30')
    expect(timesOf(course(2, 3, [session('09:30', 3)]))).toEqual(['09:30'])
  })

  test('is all that can be joined where a new one has no seats', () => {
    expect(timesOf(course(0, 1, [session('09:30', 3)]))).toEqual(['09:30'])
  })

  test('need not start at a step, nor in the hours', () => {
    expect(timesOf(course(0, 1, [session('09:20', 3), session('08:00', 3)]))).toEqual(['08:00', '09:20'])
  })

  test('of another length is another appointment', () => {
    const longer = session('09:30', 3, { endMs: at('10:30') })
    expect(timesOf(course(0, 1, [longer]))).toEqual([])
  })

  test('is offered within notice, window and range only', () => {
    const query = course(0, 1, [session('09:00', 3), session('09:30', 3), session('10:00', 3)])
    expect(timesOf({ ...query, nowMs: at('09:00'), noticeMin: 30 })).toEqual(['09:30', '10:00'])
    expect(timesOf({ ...query, window: { fromMs: at('09:00'), untilMs: at('09:30') } })).toEqual(['09:00'])
    expect(timesOf({ ...query, fromMs: at('09:30'), toMs: at('10:00') })).toEqual(['09:30'])
  })

  test('counts against the limits of service and customer like a new one', () => {
    const none = limit({ per: 'day', maxCount: 0 }, { timeZone: 'UTC' }, [])
    expect(timesOf({ ...course(8, 1, [session('09:30', 3)]), limits: [{ of: 'customer', limit: none }] })).toEqual([])
  })

  test('counts with its minutes', () => {
    const upTo = (maxMinutes: number) => {
      const known = limit({ per: 'day', maxMinutes }, { timeZone: 'UTC' }, [{ startMs: at('08:00'), minutes: 30 }])
      const query = course(0, 1, [session('09:30', 3)])
      return timesOf({ ...query, limits: [{ of: 'customer', limit: known }] })
    }
    expect(upTo(60)).toEqual(['09:30'])
    expect(upTo(59)).toEqual([])
  })

  test('is with whoever has it: who chose somebody else cannot join', () => {
    const bob = person('bob')
    const query = (chosen: string) => course(8, 1, [session('09:30', 3)], { chosen, candidates: [bob] })
    const slots = findSlots(query('ada'))
    expect(slots.sessionsAt(1).map(({ id }) => id)).toEqual(['at 09:30'])
    expect(findSlots(query('bob')).sessionsAt(1)).toEqual([])
    expect(seatsOf(query('bob'))).toEqual([8, 8, 8])
  })

  test('names who could serve: those who have one, and those who are free for another', () => {
    const slots = findSlots(course(8, 1, [session('09:30', 3)], { candidates: [person('bob')] }))
    expect(slots.candidatesAt(1)).toEqual([0, 1])
    expect(slots.candidatesAt(0)).toEqual([0, 1])
    expect(findSlots(course(8, 1, [session('09:30', 3)])).candidatesAt(1)).toEqual([0])
  })

  test('is joined rather than another one opened: nobody is assigned', () => {
    const check = checkStart(course(8, 1, [session('09:30', 3)], { candidates: [person('bob')] }), at('09:30'))
    expect(check).toMatchObject({ ok: true, assigned: [], sessions: [{ id: 'at 09:30' }], seatsLeft: 8 })
  })

  test('with most seats left comes first', () => {
    const sessions = [session('09:30', 1, { id: 'few' }), session('09:30', 5, { id: 'many', candidateIds: ['bob'] })]
    expect(
      findSlots(course(0, 1, sessions))
        .sessionsAt(0)
        .map(({ id }) => id),
    ).toEqual(['many', 'few'])
    expect(seatsOf(course(0, 1, sessions))).toEqual([5])
  })
})

describe('too few seats', () => {
  test('in a session at another time, or of another length, do not stand against this one', () => {
    const elsewhere = session('09:30', 1)
    const longer = session('10:00', 1, { endMs: at('11:00') })
    const query = course(8, 2, [elsewhere, longer])
    expect(refusalsAt(query, at('10:00')).map(({ reason }) => reason)).toEqual(['not_enough'])
    expect(refusalsAt(query, at('09:00'))).toEqual([])
  })

  test('are those of the session that has most', () => {
    const sessions = [session('09:30', 1), session('09:30', 2, { id: 'other', candidateIds: ['bob'] })]
    expect(refusalsAt(course(8, 3, sessions), at('09:30'))).toContainEqual({ reason: 'seats', wanted: 3, left: 2 })
  })

  test('are told with how many are wanted and left', () => {
    const query = course(8, 4, [session('09:30', 3)])
    expect(refusalsAt(query, at('09:30'))[0]).toEqual({ reason: 'seats', wanted: 4, left: 3 })
  })

  test('in any session are told too', () => {
    expect(refusalsAt(course(2, 4, []), at('09:00'))).toEqual([{ reason: 'seats', wanted: 4, left: 2 }])
  })
})

test('an ordinary appointment has one seat', () => {
  expect(seatsOf(ask({ toMs: at('10:00') }))).toEqual([1, 1])
})
