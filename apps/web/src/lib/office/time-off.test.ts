import { describe, expect, test } from 'vitest'
import { timeOffIn, timeOffText } from './time-off.ts'

const read = (entries: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries({ repeat: 'once', ...entries })) form.append(name, value)
  return timeOffIn(form, 'Europe/Berlin')
}

describe('time off as it was typed', () => {
  test('without times is whole days, both included', () => {
    expect(read({ fromDate: '2026-07-01', toDate: '2026-07-14' }).body).toMatchObject({
      ...{ startsAt: '2026-07-01T00:00', durationMin: 14 * 1440, rule: null, timeZone: 'Europe/Berlin' },
    })
    expect(read({ fromDate: '2026-07-01' }).body.durationMin).toBe(1440)
  })

  test('with times is what lies between them by the clock', () => {
    const { body, wrong } = read({ fromDate: '2026-07-03', fromTime: '12:00', toTime: '18:30' })
    expect({ ...body, wrong }).toMatchObject({ startsAt: '2026-07-03T12:00', durationMin: 390, wrong: {} })
  })

  test('comes back by a choice, until a day', () => {
    expect(read({ fromDate: '2026-07-03', repeat: 'fortnightly' }).body.rule).toBe('FREQ=WEEKLY;INTERVAL=2')
    expect(read({ fromDate: '2026-07-03', repeat: 'weekly', until: '2026-12-31' }).body.rule).toBe(
      'FREQ=WEEKLY;UNTIL=20261231',
    )
  })

  test('comes back by a rule of one’s own, with or without its name in front', () => {
    const rule = 'FREQ=MONTHLY;BYDAY=-1FR'
    for (const customRule of [rule, `RRULE:${rule}`])
      expect(read({ fromDate: '2026-07-03', repeat: 'custom', customRule }).body.rule).toBe(rule)
  })

  test('ends on the last day that is given, unless the rule has an end of its own', () => {
    const until = (customRule: string) =>
      read({ fromDate: '2026-07-03', repeat: 'custom', customRule, until: '2026-12-31' }).body.rule
    expect(until('FREQ=DAILY;INTERVAL=3')).toBe('FREQ=DAILY;INTERVAL=3;UNTIL=20261231')
    expect(until('FREQ=DAILY;COUNT=3')).toBe('FREQ=DAILY;COUNT=3')
    expect(until('UNTIL=20260801;FREQ=DAILY')).toBe('UNTIL=20260801;FREQ=DAILY')
  })

  test('is named where it cannot be', () => {
    expect(Object.keys(read({ fromDate: '2026-07-03', toDate: '2026-07-02' }).wrong)).toEqual(['toDate'])
    expect(Object.keys(read({ fromDate: '2026-07-03', repeat: 'custom', customRule: '' }).wrong)).toEqual([
      'customRule',
    ])
  })
})

test('time off is told by its next time and how it comes back', () => {
  const off = {
    ...{ id: '', subjectId: '', startsAt: '2026-07-03T12:00', timeZone: 'Europe/Berlin', durationMin: 60, except: [] },
    ...{
      note: '',
      rule: 'FREQ=WEEKLY;UNTIL=20261231',
      next: { start: '2026-07-03T10:00:00Z', end: '2026-07-03T11:00:00Z' },
    },
  }
  const { when, how } = timeOffText(off, 'en')
  expect(when).toContain('Jul 3, 2026')
  expect(how).toContain('2026-12-31')
  expect(timeOffText({ ...off, rule: 'FREQ=MONTHLY;BYDAY=-1FR' }, 'en').how).toBe('FREQ=MONTHLY;BYDAY=-1FR')
})
