import { expect, test } from 'vitest'
import { publicDays } from './holidays.rules.ts'

const told = (date: string, start: string, end: string, more: object = {}) => ({
  ...{ date, start: new Date(start), end: new Date(end), name: 'A day', type: 'public', ...more },
})

test('a day is a day, whether it has 23 hours, 24 or 25', () => {
  const days = [
    told('2026-03-29 00:00:00', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'),
    told('2026-05-01 00:00:00', '2026-04-30T22:00:00Z', '2026-05-01T22:00:00Z'),
    told('2026-10-25 00:00:00', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'),
  ]
  expect(publicDays(days).map(({ date }) => date)).toEqual(['2026-03-29', '2026-05-01', '2026-10-25'])
})

test('a feast of several days closes each; what begins the evening before, and its last half day, do not count', () => {
  const feast = told('2026-03-20 00:00:00 -0600', '2026-03-19T15:00:00Z', '2026-03-23T09:00:00Z')
  expect(publicDays([feast]).map(({ date }) => date)).toEqual(['2026-03-20', '2026-03-21', '2026-03-22'])
})

test('half days, and days that only banks or schools keep, are left out', () => {
  const days = [
    told('2026-12-24 12:00:00', '2026-12-24T12:00:00Z', '2026-12-25T00:00:00Z'),
    told('2026-12-27 00:00:00', '2026-12-27T00:00:00Z', '2026-12-28T00:00:00Z', { type: 'bank' }),
    told('2026-12-28 00:00:00', '2026-12-28T00:00:00Z', '2026-12-29T00:00:00Z', { type: 'observance' }),
  ]
  expect(publicDays(days)).toEqual([])
})

test('two feasts on one day are one day with both names', () => {
  const day = ['2026-05-14 00:00:00', '2026-05-13T22:00:00Z', '2026-05-14T22:00:00Z'] as const
  const days = publicDays([told(...day, { name: 'Ascension' }), told(...day, { name: 'Independence' })])
  expect(days).toEqual([{ date: '2026-05-14', name: 'Ascension, Independence' }])
})
