import { expect, test } from 'vitest'
import { countdownText } from './countdown.ts'

test('what is left is said in minutes and seconds, and is nothing only when nothing is left', () => {
  expect([300_000, 271_001, 60_000, 59_999, 1, 0].map((leftMs) => countdownText(leftMs, 'en'))).toEqual([
    ...['5:00', '4:32', '1:00', '1:00', '0:01', '0:00'],
  ])
})
