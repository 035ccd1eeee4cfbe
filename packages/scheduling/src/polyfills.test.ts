import { Temporal as Full } from '@js-temporal/polyfill'
import { Temporal as Small } from 'temporal-polyfill/implementation'
import { afterEach, describe, expect, test } from 'vitest'
import { provideTemporal, zoneOffsets } from './zones.ts'

const ZONES = ['Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/Nuuk', 'Asia/Kathmandu', 'UTC']
const FROM_MS = Date.parse('2020-01-01T00:00Z')
const TO_MS = Date.parse('2030-01-01T00:00Z')

afterEach(() => {
  provideTemporal(Temporal)
})

describe.each([
  { name: 'temporal-polyfill', source: Small },
  { name: '@js-temporal/polyfill', source: Full },
])('with $name', ({ source }) => {
  test.each(ZONES)('%s changes its clocks when the Temporal of the runtime says so', (timeZone) => {
    const expected = inTime(zoneOffsets(timeZone, FROM_MS, TO_MS))
    provideTemporal(source)
    expect(inTime(zoneOffsets(timeZone, FROM_MS, TO_MS))).toEqual(expected)
  })
})

/** The changes within the time. How far beyond it they look is the implementations' own business. */
function inTime({ sinceMs, offsetsMs }: { sinceMs: readonly number[]; offsetsMs: readonly number[] }) {
  const changes = sinceMs.map((atMs, index) => ({ atMs: Math.max(atMs, FROM_MS), offsetMs: offsetsMs[index] }))
  return changes.filter(({ atMs }) => atMs <= TO_MS)
}
