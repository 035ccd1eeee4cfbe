import { describe, expect, test } from 'vitest'
import { draftOf, hoursOf, readDraft } from './hours.ts'

function formOf(entries: [name: string, value: string][]): FormData {
  const form = new FormData()
  for (const [name, value] of entries) form.append(name, value)
  return form
}

test('hours come back from the form as they went in, the end of the day included', () => {
  const schedule = {
    weekly: [
      { weekday: 1, startMin: 540, endMin: 720 },
      { weekday: 1, startMin: 780, endMin: 1440 },
    ],
    overrides: [{ date: '2026-12-24', windows: [] }],
  }
  const draft = draftOf(schedule)
  expect(draft.days[0]?.rows).toEqual([
    { start: '09:00', end: '12:00' },
    { start: '13:00', end: '00:00' },
  ])
  expect(hoursOf(draft)).toEqual({ ok: true, hours: schedule })
})

test('an end that is not after its start is on the next day', () => {
  const night = { weekly: [{ weekday: 5, startMin: 1320, endMin: 1560 }], overrides: [] }
  const draft = draftOf(night)
  expect(draft.days[4]?.rows).toEqual([{ start: '22:00', end: '02:00' }])
  expect(hoursOf(draft)).toEqual({ ok: true, hours: night })
})

test('empty rows and exceptions without a date are left out', () => {
  const draft = readDraft(
    formOf([
      ['day-2-start', '08:00'],
      ['day-2-end', '12:00'],
      ['day-2-start', ''],
      ['day-2-end', ''],
      ['date-0', ''],
      ['date-0-start', '08:00'],
      ['date-0-end', '09:00'],
      ['date-1', '2026-12-31'],
    ]),
  )
  expect(draft.days[1]?.rows).toEqual([{ start: '08:00', end: '12:00' }])
  expect(draft.overrides).toEqual([{ date: '2026-12-31', rows: [] }])
})

describe('rows that cannot be hours are named', () => {
  const wrongOf = (rows: { start: string; end: string }[]) => {
    const read = hoursOf({ days: [{ weekday: 4, rows }], overrides: [] })
    return read.ok ? [] : read.wrong
  }

  test.each([
    ['half empty', [{ start: '09:00', end: '' }]],
    [
      'overlapping',
      [
        { start: '09:00', end: '12:00' },
        { start: '11:00', end: '13:00' },
      ],
    ],
  ])('%s', (_what, rows) => {
    expect(wrongOf(rows)).toEqual(['day-4'])
  })

  test('a date that occurs twice', () => {
    const override = { date: '2026-12-24', rows: [] }
    expect(hoursOf({ days: [], overrides: [override, override] })).toEqual({ ok: false, wrong: ['date-2026-12-24'] })
  })
})
