import { expect, test } from 'vitest'
import { reasonsOf } from './explanation.ts'
import type { StartRefusal } from './types.ts'

const asked = {
  organization: 'demo',
  timeZone: 'Europe/Berlin',
  locale: 'en',
  startMs: Date.parse('2026-03-30T08:00Z'),
  isChosen: false,
}

const textsOf = (...refusals: StartRefusal[]) => reasonsOf(refusals, asked).map(({ text }) => text)

test('the last day of a window is the one before it ends', () => {
  const [text] = textsOf({ reason: 'window', from: '2026-03-30T22:00:00Z', to: '2026-04-30T22:00:00Z' })
  expect(text).toContain('Tuesday, March 31, 2026 to Thursday, April 30, 2026')
})

test('how much of a limit is used is said for each of its numbers', () => {
  const limit = { per: 'week', maxCount: 3, count: 3, maxMinutes: 180, minutes: 150 } as const
  expect(textsOf({ reason: 'limit', of: 'service', limit })).toEqual([
    'The service has reached a limit: 3 of 3 appointments in this week and 150 of 180 minutes in this week.',
  ])
})

test('whoever cannot serve is named, with what is in the way and where to find it', () => {
  const booking = '01a20973-154b-7352-a7c0-30ee21ac1ef4'
  const [reason] = reasonsOf(
    [
      {
        reason: 'not_enough',
        kind: 'provider',
        needed: 1,
        free: 0,
        absent: [
          {
            id: 'ada',
            name: 'Ada',
            causes: [
              { cause: 'busy', kind: 'booking', booking, from: '2026-03-30T07:45:00Z', to: '2026-03-30T08:15:00Z' },
            ],
          },
          {
            id: 'ben',
            name: 'Ben',
            causes: [{ cause: 'busy', kind: 'time_off', from: '2026-03-29T22:00:00Z', to: '2026-04-04T22:00:00Z' }],
          },
          {
            id: 'cleo',
            name: 'Cleo',
            causes: [{ cause: 'closed', because: { kind: 'holiday', date: '2026-03-30', name: 'A day of rest' } }],
          },
        ],
      },
    ],
    asked,
  )
  expect(reason?.text).toBe('Nobody who could serve it is free.')
  expect(
    reason?.absent.map(({ name, causes }) => [name, causes[0]?.text.replaceAll(/\s/g, ' '), causes[0]?.href]),
  ).toEqual([
    ['Ada', 'Appointment 9:45 – 10:15 AM', `/app/demo/bookings/${booking}`],
    ['Ben', 'Time off Mar 30, 12:00 AM – Apr 5, 12:00 AM', null],
    ['Cleo', 'Holiday on Monday, March 30, 2026: A day of rest', null],
  ])
})

test('one of several like things is told by its number, and only its margins by what they are', () => {
  const [reason] = reasonsOf(
    [
      {
        reason: 'not_enough',
        kind: 'resource',
        needed: 2,
        free: 1,
        absent: [
          {
            id: 'room',
            name: 'Room',
            unit: 2,
            causes: [{ cause: 'buffer', kind: 'hold', from: '2026-03-30T07:45:00Z', to: '2026-03-30T08:00:00Z' }],
          },
        ],
      },
    ],
    asked,
  )
  expect(reason?.text).toBe('Rooms or devices needed at once: 2. Free: 1.')
  expect(reason?.absent[0]?.name).toBe('Room, no. 2')
  expect(reason?.absent[0]?.causes[0]?.note).toBe('Breaks, set-up or clean-up would overlap.')
})

test('nobody at all, and the one who was asked for, are told apart from nobody who is free', () => {
  expect(textsOf({ reason: 'not_enough', kind: 'provider', needed: 1, free: 0, absent: [] })).toEqual([
    'Nobody who could serve it can be booked at the moment.',
  ])
  const absent = [{ id: 'ada', name: 'Ada', causes: [{ cause: 'steps' as const }] }]
  const refusal: StartRefusal = { reason: 'not_enough', kind: 'provider', needed: 1, free: 1, absent }
  expect(reasonsOf([refusal], { ...asked, isChosen: true })[0]?.text).toBe('Ada is not free.')
})
