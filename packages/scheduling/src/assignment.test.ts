import { describe, expect, test } from 'vitest'
import { ask, at, hoursOf, ms, oneOf, person, window } from '../test/ask.ts'
import { busySpans, checkStart, findSlots, type Candidate, type Requirement, type Turn } from './index.ts'

/** Who is to serve at 09:00, by requirement. */
function assigned(...requirements: Requirement[]): string[][] {
  const query = ask({ fromMs: at('09:00'), toMs: at('09:01') }, requirements)
  const slots = findSlots(query)
  expect(slots.startsMs).toHaveLength(1)
  return slots
    .assignedAt(0)
    .map((candidates, index) => candidates.map((candidate) => requirements[index]?.candidates[candidate]?.id ?? ''))
}

const people = (...ids: string[]) => ids.map((id) => person(id))
const inTurn = (turns: Record<string, Turn | undefined>, more: Partial<Requirement> = {}) =>
  assigned(
    oneOf(
      Object.entries(turns).map(([id, turn]) => person(id, turn && { turn })),
      { assign: 'by_turn', ...more },
    ),
  )[0]

describe('who is to serve', () => {
  test('is the first who is free, in the order of the candidates', () => {
    expect(assigned(oneOf(people('ada', 'bob')))).toEqual([['ada']])
    const busy = person('ada', { busy: busySpans([at('09:00'), at('09:10')]) })
    expect(assigned(oneOf([busy, ...people('bob', 'cleo')]))).toEqual([['bob']])
  })

  test('are as many as are needed', () => {
    expect(assigned(oneOf(people('ada', 'bob', 'cleo'), { count: 2 }))).toEqual([['ada', 'bob']])
  })

  test('is whoever was chosen, and then the others', () => {
    expect(assigned(oneOf(people('ada', 'bob', 'cleo'), { count: 2, chosen: 'cleo' }))).toEqual([['cleo', 'ada']])
  })

  test('includes one on whose steps the start is', () => {
    const later = (id: string) => person(id, { hours: hoursOf([window('08:45', '12:00')]) })
    expect(assigned(oneOf([later('ada'), later('bob'), person('cleo')], { count: 2 }))).toEqual([['cleo', 'ada']])
    const chosen = oneOf([later('ada'), person('bob'), person('cleo')], { count: 2, chosen: 'ada' })
    expect(assigned(chosen)).toEqual([['ada', 'bob']])
  })

  test('is who was chosen and any other, where it is the chosen one who is in step', () => {
    const early = person('bob', { hours: hoursOf([window('08:50', '12:00')]) })
    const query = ask({}, [oneOf([early, person('ada')], { count: 2, chosen: 'ada' })])
    const check = checkStart(query, at('09:30'))
    expect(check.ok && check.assigned).toEqual([[1, 0]])
  })

  test('is found for three requirements that share people, whichever has fewest', () => {
    const [ada, bob, cleo] = [person('ada'), person('bob'), person('cleo')]
    const assignedFor = (...requirements: Requirement[]) => {
      const check = checkStart(ask({}, requirements), at('09:30'))
      return check.ok ? check.assigned : undefined
    }
    expect(assignedFor(oneOf([ada, bob, cleo]), oneOf([ada, bob]), oneOf([ada]))).toEqual([[2], [1], [0]])
    expect(assignedFor(oneOf([ada, bob]), oneOf([bob, cleo]), oneOf([ada, bob]))).toEqual([[0], [1], [1]])
    expect(assignedFor(oneOf([ada, bob]), oneOf([ada, bob]), oneOf([ada, bob]))).toBeUndefined()
  })

  test('is nobody twice at once: the first requirement leaves the second somebody', () => {
    const [ada, bob] = [person('ada'), person('bob')]
    expect(assigned(oneOf([ada, bob]), oneOf([ada]))).toEqual([['bob'], ['ada']])
    expect(assigned(oneOf([ada, bob]), oneOf([ada, bob]))).toEqual([['ada'], ['bob']])
  })

  test('is found even where everybody has to give way to another', () => {
    const named = (...ids: string[]) => oneOf(people(...ids))
    expect(assigned(named('ada', 'bob'), named('bob', 'cleo'), named('cleo', 'ada'), named('ada', 'dan'))).toEqual([
      ['ada'],
      ['bob'],
      ['cleo'],
      ['dan'],
    ])
    expect(assigned(named('ada', 'bob'), named('ada', 'bob', 'cleo'), named('ada'))).toEqual([
      ['bob'],
      ['cleo'],
      ['ada'],
    ])
  })
})

describe('whose turn it is', () => {
  test('is decided by priority first', () => {
    expect(inTurn({ ada: { priority: 1, load: 0 }, bob: { priority: 2, load: 9 } })).toEqual(['bob'])
    expect(inTurn({ ada: undefined, bob: { priority: -1 } })).toEqual(['ada'])
  })

  test('then by the least load for the weight', () => {
    expect(inTurn({ ada: { load: 3 }, bob: { load: 2 } })).toEqual(['bob'])
    expect(inTurn({ ada: { load: 3, weight: 2 }, bob: { load: 2 } })).toEqual(['ada'])
  })

  test('then by the greater weight', () => {
    expect(inTurn({ ada: { weight: 1 }, bob: { weight: 2 } })).toEqual(['bob'])
  })

  test('then by who was given nothing for longest, never being longest', () => {
    const [early, late] = [ms('2026-06-01T00:00Z'), ms('2026-06-02T00:00Z')]
    expect(inTurn({ ada: { lastMs: late }, bob: { lastMs: early } })).toEqual(['bob'])
    expect(inTurn({ ada: { lastMs: early }, bob: {} })).toEqual(['bob'])
  })

  test('then by the order of the candidates', () => {
    expect(inTurn({ ada: {}, bob: undefined })).toEqual(['ada'])
    expect(inTurn({ bob: undefined, ada: {} })).toEqual(['bob'])
  })

  test('counts for all who are needed, in that order', () => {
    const turns = { ada: { load: 3 }, bob: { load: 1 }, cleo: { load: 2 } }
    expect(inTurn(turns, { count: 2 })).toEqual(['bob', 'cleo'])
    expect(inTurn(turns, { count: 2, chosen: 'ada' })).toEqual(['ada', 'bob'])
  })

  test('does not count where candidates are in order', () => {
    expect(inTurn({ ada: { load: 3 }, bob: {} }, { assign: 'in_order' })).toEqual(['ada'])
  })

  test('takes work round: who was given something comes last', () => {
    const load: Record<string, number> = { ada: 0, bob: 0, cleo: 0 }
    const order = Array.from({ length: 6 }, () => {
      const candidates: Candidate[] = Object.keys(load).map((id) => person(id, { turn: { load: load[id] ?? 0 } }))
      const [[id = ''] = []] = assigned(oneOf(candidates, { assign: 'by_turn' }))
      load[id] = (load[id] ?? 0) + 1
      return id
    })
    expect(order).toEqual(['ada', 'bob', 'cleo', 'ada', 'bob', 'cleo'])
  })
})
