import { expect, test } from 'vitest'
import type { MemberActor } from '../shared/actor.ts'
import { AppError } from '../shared/app-error.ts'
import { checkHours, mayChange, type Hours } from './schedules.rules.ts'

const window = (startMin: number, endMin: number) => ({ startMin, endMin })
const monday = (startMin: number, endMin: number) => ({ weekday: 1, startMin, endMin })

function refusedFields(hours: Partial<Hours>): string[] {
  try {
    checkHours(hours)
  } catch (error) {
    if (error instanceof AppError) return (error.fields ?? []).map(({ field }) => field)
    throw error
  }
  return []
}

test('hours are kept in order, the zone in its usual spelling', () => {
  const hours = {
    timeZone: 'europe/berlin',
    weekly: [{ weekday: 2, ...window(540, 600) }, monday(780, 1020), monday(540, 720)],
    overrides: [
      { date: '2026-12-24', windows: [window(700, 720), window(540, 600)] },
      { date: '2026-04-01', windows: [] },
    ],
  }
  expect(checkHours(hours)).toEqual({
    timeZone: 'Europe/Berlin',
    weekly: [monday(540, 720), monday(780, 1020), { weekday: 2, ...window(540, 600) }],
    overrides: [
      { date: '2026-04-01', windows: [] },
      { date: '2026-12-24', windows: [window(540, 600), window(700, 720)] },
    ],
  })
})

test('windows of a day may touch, and the last may end with the day', () => {
  expect(refusedFields({ weekly: [monday(0, 720), monday(720, 1440)] })).toEqual([])
})

test.each(['Mars/Olympus', '+02:00', '', 'Europe/Berlin ', '<script>'])('the zone %j is refused', (timeZone) => {
  expect(refusedFields({ timeZone })).toEqual(['timeZone'])
})

test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'])('the zone %s is known', (timeZone) => {
  expect(refusedFields({ timeZone })).toEqual([])
})

test('hours that end before they start, or with it, are named', () => {
  expect(refusedFields({ weekly: [monday(540, 540), monday(720, 700)] })).toEqual([
    'weekly.0.endMin',
    'weekly.1.endMin',
  ])
})

test('the window that overlaps is named as the caller numbered it, one inside a longer one too', () => {
  const weekly = [monday(600, 660), { weekday: 2, ...window(600, 660) }, monday(540, 1020), monday(700, 720)]
  expect(refusedFields({ weekly })).toEqual(['weekly.0.startMin', 'weekly.3.startMin'])
})

test('overlapping hours of a date are named', () => {
  const overrides = [{ date: '2026-12-24', windows: [window(540, 700), window(600, 720)] }]
  expect(refusedFields({ overrides })).toEqual(['overrides.0.windows.1.startMin'])
})

test.each(['2026-02-29', '2026-13-01', '1999-12-31', '2101-01-01', '0000-01-01'])('the date %s is refused', (date) => {
  expect(refusedFields({ overrides: [{ date, windows: [] }] })).toEqual(['overrides.0.date'])
})

test('a date that is there twice is refused', () => {
  const closed = { date: '2026-12-24', windows: [] }
  expect(refusedFields({ overrides: [closed, closed] })).toEqual(['overrides.1.date'])
})

test('providers change their own schedule, unless others, a service or a room go by it too', () => {
  const anna: MemberActor = { kind: 'member', userId: 'u', memberId: 'm', role: 'provider', providerId: 'anna' }
  expect(mayChange(anna, { providerIds: ['anna'], ofThings: false })).toBe(true)
  expect(mayChange(anna, { providerIds: ['anna', 'ben'], ofThings: false })).toBe(false)
  expect(mayChange(anna, { providerIds: ['anna'], ofThings: true })).toBe(false)
  expect(mayChange(anna, { providerIds: [], ofThings: false })).toBe(false)
  expect(mayChange({ ...anna, providerId: undefined }, { providerIds: ['ben'], ofThings: false })).toBe(false)
  expect(mayChange({ ...anna, role: 'manager' }, { providerIds: ['ben'], ofThings: true })).toBe(true)
  expect(mayChange({ kind: 'anonymous' }, { providerIds: ['anna'], ofThings: false })).toBe(false)
})
