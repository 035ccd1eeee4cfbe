import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { busySpans, expandSchedule, findSlots, localDateOf } from './index.ts'

type Workload = {
  timeZone: string
  dateFrom: number
  dateTo: number
  slotMinutes: number
  slotIntervalMinutes: number
  weekly: { days: number[] }
  hosts: { id: number; busy: number[][] }[]
}

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')

test.each(['a', 'b', 'c'])('workload %s has exactly the starts that other engines find', (name) => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'))
  const workload = read(`workload-${name}.json`) as Workload
  const { timeZone, dateFrom, dateTo, slotMinutes, slotIntervalMinutes, weekly, hosts } = workload
  const windows = weekly.days.map((day) => ({ weekday: day === 0 ? 7 : day, startMin: 9 * 60, endMin: 17 * 60 }))
  const dates = [localDateOf(dateFrom, timeZone), localDateOf(dateTo, timeZone)] as const
  const hours = expandSchedule({ timeZone, weekly: windows, overrides: [] }, ...dates)
  const candidates = hosts.map(({ id, busy }) => ({ id: String(id), hours, busy: busySpans(busy.flat()) }))
  const slots = findSlots({
    ...{ fromMs: dateFrom, toMs: dateTo, nowMs: dateFrom, noticeMin: 0, steps: { everyMin: slotIntervalMinutes } },
    segments: [{ lengthMin: slotMinutes, requirements: [{ kind: 'provider', count: 1, candidates }] }],
  })
  expect([...slots.startsMs]).toEqual(read(`expected-slots-${name}.json`))
})
