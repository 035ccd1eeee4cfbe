import {
  checkSeries,
  checkStart,
  expandSchedule,
  findSlots,
  NEVER_BUSY,
  occurrences,
  parseRecurrence,
  type Slots,
  type SlotQuery,
} from '../src/index.ts'
import { forgetZones } from '../src/zones.ts'
import type { Subject } from './measure.ts'
import { plainLoop } from './plain-loop.ts'
import { anyOf, queryOf, readWorkload, required } from './workloads.ts'

/** All that is measured, each beside the plain loop over the same work. */
export function engineSubjects(): Subject[] {
  const a = reference('a')
  const b = reference('b')
  const c = reference('c')
  const thousand = anyOf({ days: 30, providers: 1000, busy: 60 })
  const ownSchedules = anyOf({ days: 30, providers: 1000, busy: 60, ownSchedules: true })
  const needs = required()
  const [refused = 0] = startsMissing(c.query)
  const list = (query: SlotQuery) => () => findSlots(query)
  const beside = (query: SlotQuery) => plainLoop(query)
  return [
    { name: 'engine.a.warm', targetUs: 10, work: list(a.query), reference: a.plain },
    { name: 'engine.a.cold', targetUs: 60, work: () => cold(a.workload), reference: a.plain },
    { name: 'engine.b.warm', targetUs: 100, work: list(b.query), reference: b.plain },
    { name: 'engine.c.warm', targetUs: 300, work: list(c.query), reference: c.plain },
    { name: 'engine.c.who', targetUs: 500, work: () => everybody(findSlots(c.query)), reference: c.plain },
    { name: 'engine.1000.any', targetUs: 12_000, work: list(thousand), reference: beside(thousand) },
    { name: 'engine.1000.schedules', targetUs: 12_000, work: list(ownSchedules), reference: beside(ownSchedules) },
    { name: 'engine.required', targetUs: 1_000, work: list(needs), reference: beside(needs) },
    { name: 'engine.series.52', targetUs: 1_000, work: series(), reference: a.plain },
    { name: 'engine.explain', targetUs: 100, work: () => checkStart(c.query, refused), reference: c.plain },
  ]
}

/** A reference workload as a question; throws unless engine and plain loop find what is right. */
function reference(name: 'a' | 'b' | 'c') {
  const { workload, expected } = readWorkload(name)
  const query = queryOf(workload)
  const plain = plainLoop(query)
  if (String(findSlots(query).startsMs) !== String(expected)) throw new Error(`workload ${name}: wrong starts`)
  if (plain() !== expected.length) throw new Error(`workload ${name}: the plain loop is wrong`)
  return { workload, query, plain }
}

/** With nothing known: zones, hours and busy times are found out anew. */
function cold(workload: Parameters<typeof queryOf>[0]): Slots {
  forgetZones()
  return findSlots(queryOf(workload))
}

function everybody(slots: Slots): number {
  let count = 0
  for (let at = 0; at < slots.startsMs.length; at++) count += slots.candidatesAt(at).length
  return count
}

/** From a rule to what is free of it: weekly for a year, with one day a month closed. */
function series(): () => unknown {
  const weekly = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, startMin: 540, endMin: 1020 }))
  const closures = Array.from({ length: 12 }, (_, month) => {
    const date = `2026-${String(month + 1).padStart(2, '0')}-06`
    return { fromDate: date, toDate: date }
  })
  const hours = expandSchedule({ timeZone: 'Europe/Berlin', weekly, closures }, '2025-12-20', '2027-01-31')
  const nowMs = Date.parse('2026-01-01T00:00Z')
  const endMs = Date.parse('2027-02-01T00:00Z')
  const query: SlotQuery = {
    ...{ fromMs: nowMs, toMs: endMs, nowMs, noticeMin: 0, steps: { everyMin: 30 } },
    segments: [
      {
        lengthMin: 60,
        requirements: [{ kind: 'provider', count: 1, candidates: [{ id: 'ada', hours, busy: NEVER_BUSY }] }],
      },
    ],
  }
  const rule = parseRecurrence('FREQ=WEEKLY;COUNT=52')
  return () => {
    const starts = occurrences({ startsAt: '2026-01-06T10:00', timeZone: 'Europe/Berlin', rule }, nowMs, endMs)
    return checkSeries(query, starts)
  }
}

/** Steps of a query's hours that are not offered. */
function startsMissing(query: SlotQuery): number[] {
  const offered = new Set(findSlots(query).startsMs)
  const free = { ...query, segments: query.segments.map((segment) => ({ ...segment, requirements: idle(segment) })) }
  return [...findSlots(free).startsMs].filter((startMs) => !offered.has(startMs))
}

function idle({ requirements }: SlotQuery['segments'][number]) {
  return requirements.map((requirement) => ({
    ...requirement,
    candidates: requirement.candidates.map((candidate) => ({ ...candidate, busy: NEVER_BUSY })),
  }))
}
