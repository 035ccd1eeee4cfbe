import { describe, expect, test } from 'vitest'
import { changedNeeds } from './needs-changes.ts'
import { entryOfField } from './needs-page.ts'
import { needsView, spansOf } from './needs-view.ts'
import { draftOf, isSimple, needsOf, readDraft, type NeedsDraft } from './needs.ts'
import type { Requirement, Requirements } from './types.ts'

const usual = { count: 1, assign: 'in_order', fairDays: 30 } as const
const subject = (id: string) => ({ id, weight: 1, priority: 0 })
const people = (...ids: string[]): Requirement => ({ kind: 'provider', ...usual, subjects: ids.map(subject) })
const things = (...ids: string[]): Requirement => ({ kind: 'resource', ...usual, subjects: ids.map(subject) })
const whole = (...requirements: Requirement[]): Requirements => ({ segments: [{ lengthMin: null, requirements }] })

const inParts: Requirements = {
  segments: [
    { lengthMin: 20, requirements: [people('assistant'), things('a', 'b')] },
    {
      lengthMin: 40,
      requirements: [
        {
          ...people('doctor', 'other'),
          assign: 'by_turn',
          fairDays: 14,
          subjects: [{ id: 'doctor', weight: 2, priority: 1 }, subject('other')],
        },
        { ...things('laser'), count: 2 },
      ],
    },
  ],
}

/** What a browser would send for a draft. */
function formOf({ isSimple: simple, parts }: NeedsDraft): FormData {
  const form = new FormData()
  if (simple) form.append('simple', 'yes')
  for (const [part, { length, needs }] of parts.entries()) {
    form.append(`part-${String(part)}`, '')
    form.append(`part-${String(part)}-length`, length)
    for (const [at, need] of needs.entries()) {
      const name = `part-${String(part)}-need-${String(at)}`
      form.append(`${name}-kind`, need.kind)
      form.append(`${name}-count`, need.count)
      form.append(`${name}-assign`, need.assign)
      form.append(`${name}-days`, need.fairDays)
      for (const { id, weight, priority } of need.subjects) {
        form.append(`${name}-subjects`, id)
        form.append(`${name}-weight-${id}`, weight)
        form.append(`${name}-priority-${id}`, priority)
      }
    }
  }
  return form
}

test.each([
  ['one person', whole(people('ada'))],
  ['one person and one thing', whole(people('ada', 'ben'), things('room'))],
  ['several parts', inParts],
])('%s: the editor gives back what it was given', (_what, requirements) => {
  expect(needsOf(readDraft(formOf(draftOf(requirements))))).toEqual({ ok: true, requirements })
})

test('simple is one person, perhaps with one thing, whoever comes first', () => {
  expect(isSimple(whole(people('ada', 'ben'), things('room')))).toBe(true)
  expect(isSimple(whole({ ...people('ada', 'ben'), count: 2 }))).toBe(false)
  expect(isSimple(whole({ ...people('ada', 'ben'), assign: 'by_turn' }))).toBe(false)
  expect(isSimple(whole(people('ada'), people('ben')))).toBe(false)
  expect(isSimple(inParts)).toBe(false)
})

describe('what cannot be is named by its entry', () => {
  const wrongOf = (requirements: Requirements) => {
    const read = needsOf(draftOf(requirements))
    return read.ok ? [] : Object.keys(read.errors)
  }

  test.each([
    ['nobody', whole(people()), ['part-0-need-0-subjects']],
    [
      'nothing, where something is asked for',
      whole(people('ada'), people('ben'), things()),
      ['part-0-need-2-subjects'],
    ],
    ['more people than there are', whole({ ...people('ada'), count: 2 }), ['part-0-need-0-count']],
    ['no people first', whole(things('room')), ['part-0']],
    [
      'a part without a length',
      { segments: [...inParts.segments, { lengthMin: null, requirements: [] }] },
      ['part-2-length'],
    ],
  ])('%s', (_what, requirements, names) => {
    expect(wrongOf(requirements)).toEqual(names)
  })

  test('a field that the API refuses', () => {
    expect(entryOfField('segments.1.lengthMin')).toBe('part-1-length')
    expect(entryOfField('segments.0.requirements.2.subjects.1.id')).toBe('part-0-need-2-subjects')
    expect(entryOfField('segments.0.requirements.0.kind')).toBe('part-0')
  })
})

describe('a button changes the form', () => {
  const draft = draftOf(inParts)
  const kindsOf = ({ parts }: NeedsDraft) => parts.map(({ needs }) => needs.map(({ kind }) => kind))

  test('one that needs more begins with what it needs already, and a part makes it two', () => {
    const more = changedNeeds(draftOf(whole(people('ada'))), 'more', 45).draft
    expect(more).toMatchObject({ isSimple: false, parts: [{ length: '', needs: [{ kind: 'provider' }] }] })
    const { draft: parts, focus } = changedNeeds(more, 'part', 45)
    expect(parts.parts.map(({ length }) => length)).toEqual(['45', '30'])
    expect(focus).toBe('part-1')
  })

  test('people and things are added to a part and removed from it', () => {
    const added = changedNeeds(draft, 'people:0', 0)
    expect(kindsOf(added.draft)[0]).toEqual(['provider', 'resource', 'provider'])
    expect(added.focus).toBe('part-0-need-2')
    expect(kindsOf(changedNeeds(added.draft, 'drop:0:1', 0).draft)[0]).toEqual(['provider', 'provider'])
  })

  test('parts move and go', () => {
    expect(changedNeeds(draft, 'earlier:1', 0).draft.parts.map(({ length }) => length)).toEqual(['40', '20'])
    expect(changedNeeds(draft, 'drop-part:0', 0).draft.parts.map(({ length }) => length)).toEqual(['40'])
    expect(changedNeeds(draft, 'something else', 0).draft).toBe(draft)
  })
})

test('the picture says who and what is in each part, and how long they are together', () => {
  const names = new Map(
    Object.entries({ assistant: 'Ada', a: 'Room A', b: 'Room B', doctor: 'Ben', other: 'Cleo', laser: 'Laser' }),
  )
  const { parts, total } = needsView(draftOf(inParts), names, 'en')
  expect(total).toBe('1 hr')
  expect(parts.map(({ label, span }) => [label, span])).toEqual([
    ['20 min', 8],
    ['40 min', 16],
  ])
  expect(parts.map(({ needs }) => needs.map(({ text }) => text))).toEqual([
    ['Ada', 'Room A or Room B'],
    ['Ben or Cleo, by turns', '2 of Laser'],
  ])
})

test('however long the parts are, all are seen and none is beside the picture', () => {
  for (const lengths of [[30], [5, 1440], [60, 60, 5, 5, 5, 5, 5, 5], [10, 10, 10], [0, 0]]) {
    const spans = spansOf(lengths)
    expect(spans.reduce((sum, span) => sum + span, 0)).toBe(24)
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(3)
  }
})
