import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  busySpans,
  expandSchedule,
  localDateOf,
  type Candidate,
  type OpenHours,
  type Requirement,
  type SlotQuery,
} from '../src/index.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const FIXTURES = join(import.meta.dirname, '..', 'fixtures')

/** A reference workload as it is kept: what any engine is asked. Instants are epoch ms, `busy` in any order. */
export type Workload = {
  timeZone: string
  dateFrom: number
  dateTo: number
  slotMinutes: number
  slotIntervalMinutes: number
  weekly: { days: number[]; start: string; end: string }
  hosts: { id: number; busy: [number, number][] }[]
}

/** A reference workload, and the starts that a right engine finds. */
export function readWorkload(name: 'a' | 'b' | 'c'): { workload: Workload; expected: number[] } {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'))
  return {
    workload: read(`workload-${name}.json`) as Workload,
    expected: read(`expected-slots-${name}.json`) as number[],
  }
}

/** Everything from the workload to the engine's question: hours expanded, busy times sorted. */
export function queryOf(workload: Workload): SlotQuery {
  const { dateFrom, dateTo, slotMinutes, slotIntervalMinutes, hosts } = workload
  const hours = hoursOf(workload)
  const candidates = hosts.map(({ id, busy }) => ({ id: String(id), hours, busy: busySpans(flatten(busy)) }))
  return {
    ...{ fromMs: dateFrom, toMs: dateTo, nowMs: dateFrom, noticeMin: 0, steps: { everyMin: slotIntervalMinutes } },
    segments: [{ lengthMin: slotMinutes, requirements: [{ kind: 'provider', count: 1, candidates }] }],
  }
}

function flatten(busy: [number, number][]): Float64Array {
  const flat = new Float64Array(2 * busy.length)
  busy.forEach(([startMs, endMs], at) => {
    flat[2 * at] = startMs
    flat[2 * at + 1] = endMs
  })
  return flat
}

function hoursOf({ timeZone, dateFrom, dateTo, weekly }: Workload): OpenHours {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  const window = { startMin: minutes(weekly.start), endMin: minutes(weekly.end) }
  const days = weekly.days.map((day) => ({ weekday: day === 0 ? 7 : day, ...window }))
  return expandSchedule({ timeZone, weekly: days }, localDateOf(dateFrom, timeZone), localDateOf(dateTo, timeZone))
}

export type Size = { days: number; providers: number; busy: number; ownSchedules?: boolean }

const FROM_MS = Date.parse('2026-03-01T00:00Z')
const OFFICE = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, startMin: 540, endMin: 1020 }))

/** One of so many people, each with so many busy times, over so many days; the same at every call. */
export function anyOf({ days, providers, busy, ownSchedules = false }: Size): SlotQuery {
  const random = randomFrom(1)
  const expand = () => expandSchedule({ timeZone: 'Europe/Berlin', weekly: OFFICE }, '2026-03-01', dateAfter(days))
  const shared = expand()
  const candidates = Array.from({ length: providers }, (_, id) => ({
    id: String(id),
    hours: ownSchedules ? expand() : shared,
    busy: busyOver(days, busy, random),
  }))
  return question(days, [{ kind: 'provider', count: 1, candidates }])
}

/** Two of five people, a room of three and a device, over 30 days. */
export function required(): SlotQuery {
  const random = randomFrom(2)
  const hours = expandSchedule({ timeZone: 'Europe/Berlin', weekly: OFFICE }, '2026-03-01', dateAfter(30))
  const some = (count: number, name: string): Candidate[] =>
    Array.from({ length: count }, (_, at) => ({ id: `${name} ${at}`, busy: busyOver(30, 60, random) }))
  return question(30, [
    { kind: 'provider', count: 2, candidates: some(5, 'person').map((one) => ({ ...one, hours })) },
    { kind: 'resource', count: 1, candidates: some(3, 'room') },
    { kind: 'resource', count: 1, candidates: some(1, 'device') },
  ])
}

function question(days: number, requirements: Requirement[]): SlotQuery {
  return {
    ...{ fromMs: FROM_MS, toMs: FROM_MS + days * DAY_MS, nowMs: FROM_MS, noticeMin: 0, steps: { everyMin: 30 } },
    segments: [{ lengthMin: 30, requirements }],
  }
}

function busyOver(days: number, count: number, random: () => number) {
  const flat = Array.from({ length: count }, () => {
    const startMs = FROM_MS + Math.floor(random() * days * 96) * 15 * MINUTE_MS
    return [startMs, startMs + 30 * MINUTE_MS]
  })
  return busySpans(flat.flat())
}

function dateAfter(days: number): string {
  return localDateOf(FROM_MS + days * DAY_MS, 'UTC')
}

/** Park and Miller's minimal standard generator: the same numbers at every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}
