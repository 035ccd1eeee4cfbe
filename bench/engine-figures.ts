import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expandSchedule, findSlots, localDateOf, spanSetFromFlat, type SlotQuery } from '@slotkeeper/scheduling'
import { figure, type Figure } from './figure.ts'

type Workload = {
  timeZone: string
  dateFrom: number
  dateTo: number
  slotMinutes: number
  slotIntervalMinutes: number
  weekly: { days: number[]; start: string; end: string }
  hosts: { id: number; busy: [number, number][] }[]
}

const FIXTURES = join(import.meta.dirname, '..', 'packages', 'scheduling', 'fixtures')
const TARGETS_US = { a: 50, b: 500, c: 1_500 }

/** The engine over the reference workloads, beside a plain loop that knows only their rules. */
export function engineFigures(rounds: number): Figure[] {
  return (['a', 'b', 'c'] as const).map((name) => {
    const workload = JSON.parse(readFileSync(join(FIXTURES, `workload-${name}.json`), 'utf8')) as Workload
    const query = queryOf(workload)
    const plain = plainLoop(query, workload)
    const expected = JSON.parse(readFileSync(join(FIXTURES, `expected-slots-${name}.json`), 'utf8')) as number[]
    if (String(findSlots(query).startsMs) !== String(expected)) throw new Error(`workload ${name}: wrong slots`)
    if (plain() !== expected.length) throw new Error(`workload ${name}: the plain loop is wrong`)
    const [value, referenceValue] = medians(
      rounds,
      () => void findSlots(query),
      () => void plain(),
    )
    const targetUs = TARGETS_US[name]
    return figure({
      ...{ name: `engine.${name}.warm`, value, unit: 'µs', reference: 'a plain typed-array loop', referenceValue },
      ...{ target: `at most ${targetUs} µs`, reached: () => value <= targetUs },
    })
  })
}

function queryOf({ timeZone, dateFrom, dateTo, slotMinutes, slotIntervalMinutes, weekly, hosts }: Workload): SlotQuery {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  const window = { startMin: minutes(weekly.start), endMin: minutes(weekly.end) }
  const schedule = {
    timeZone,
    weekly: weekly.days.map((day) => ({ weekday: day === 0 ? 7 : day, ...window })),
    overrides: [],
  }
  const hours = expandSchedule(schedule, localDateOf(dateFrom, timeZone), localDateOf(dateTo, timeZone))
  return {
    ...{ fromMs: dateFrom, toMs: dateTo, nowMs: dateFrom, lengthMin: slotMinutes, stepMin: slotIntervalMinutes },
    ...{ bufferBeforeMin: 0, bufferAfterMin: 0, noticeMin: 0 },
    providers: hosts.map(({ id, busy }) => ({ id: String(id), hours, busy: spanSetFromFlat(busy.flat()) })),
  }
}

/** The practical limit: windows and busy times in typed arrays, one pass, a mark for every start that somebody has free. */
function plainLoop({ providers, lengthMin, stepMin }: SlotQuery, { dateFrom, dateTo }: Workload): () => number {
  const lengthMs = lengthMin * 60_000
  const stepMs = stepMin * 60_000
  const [first] = providers
  const windows = first?.hours.windows ?? new Float64Array(0)
  const marks = new Uint8Array(Math.ceil((dateTo - dateFrom) / stepMs))
  return () => {
    marks.fill(0)
    let count = 0
    for (const { busy } of providers) {
      let at = 0
      for (let w = 0; w < windows.length; w += 2) {
        const endMs = Math.min(windows[w + 1] ?? 0, dateTo + lengthMs) - lengthMs
        for (let startMs = windows[w] ?? 0; startMs <= endMs; startMs += stepMs) {
          while (at < busy.length && (busy[at + 1] ?? 0) <= startMs) at += 2
          if (at < busy.length && (busy[at] ?? 0) < startMs + lengthMs) continue
          const mark = (startMs - dateFrom) / stepMs
          if (startMs >= dateTo || marks[mark] === 1) continue
          marks[mark] = 1
          count++
        }
      }
    }
    return count
  }
}

/** The median times, in microseconds, of two functions run by turns. */
function medians(rounds: number, first: () => void, second: () => void): [number, number] {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    times[0].push(timeUs(first))
    times[1].push(timeUs(second))
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0
  return [median(times[0]), median(times[1])]
}

function timeUs(work: () => void): number {
  const startMs = performance.now()
  work()
  return (performance.now() - startMs) * 1000
}
