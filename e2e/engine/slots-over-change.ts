import { busySpans, expandSchedule, findSlots, localTimes, provideTemporal } from '@slotkeeper/scheduling'
import { Temporal as polyfill } from 'temporal-polyfill'

/** What runs in the browser, and in Node.js to compare with: the free times over the night in which clocks go back. */
export function slotsOverChange(): string[] {
  const timeZone = 'Europe/Berlin'
  const night = [6, 7].map((weekday) => ({ weekday, startMin: 0, endMin: 1440 }))
  const hours = expandSchedule({ timeZone, weekly: night, overrides: [] }, '2026-10-24', '2026-10-25')
  const busy = busySpans([Date.parse('2026-10-25T03:00Z'), Date.parse('2026-10-25T04:00Z')])
  const provider = { kind: 'provider', count: 1, candidates: [{ id: 'ada', hours, busy }] } as const
  const slots = findSlots({
    fromMs: Date.parse('2026-10-24T20:00Z'),
    toMs: Date.parse('2026-10-25T06:00Z'),
    nowMs: Date.parse('2026-10-20T12:00Z'),
    noticeMin: 0,
    steps: { everyMin: 30 },
    segments: [{ lengthMin: 30, requirements: [provider] }],
  })
  const { offsetMin } = localTimes(slots.startsMs, timeZone)
  return Array.from(slots.startsMs, (startMs, index) => `${new Date(startMs).toISOString()} ${offsetMin[index] ?? 0}`)
}

export function usePolyfill(): void {
  provideTemporal(polyfill)
}
