import { deepStrictEqual } from 'node:assert/strict'
import { checkSeries } from '../src/index.ts'
import { needsOf, queryOf, subjectOf, type Case } from './case.ts'
import { offersOf, type Offer } from './oracle.ts'

const MINUTE_MS = 60_000
const WITHIN_DAYS = 1

/** A series is what the oracle finds when it books one time after the other. */
export function goesThroughASeriesAsTheOracleDoes(ask: Case, starts: readonly number[]): void {
  const found = checkSeries(
    queryOf(ask),
    starts.map((startMs) => ({ startMs })),
    { alternatives: 4, withinDays: WITHIN_DAYS },
  )
  const told = found.map((result) =>
    result.free ? { assigned: result.assigned } : { alternatives: [...result.alternatives] },
  )
  deepStrictEqual(told, seriesByOracle(ask, starts))
}

function seriesByOracle(ask: Case, starts: readonly number[]) {
  const apartMs = distanceOf(ask)
  const accepted: number[] = []
  let booked = ask
  const isNear = (startMs: number) => accepted.some((otherMs) => Math.abs(otherMs - startMs) < apartMs)
  const tried = starts.map((startMs) => {
    const [offer] = isNear(startMs) ? [] : offersOf({ ...booked, fromMs: startMs, toMs: startMs + 1 })
    if (!offer) return { startMs, offer: undefined }
    accepted.push(startMs)
    booked = afterBooking(booked, offer)
    return { startMs, offer }
  })
  return tried.map(({ startMs, offer }) => {
    if (offer) return { assigned: offer.assigned }
    const withinMs = WITHIN_DAYS * 1440 * MINUTE_MS
    const around = offersOf({ ...booked, fromMs: startMs - withinMs, toMs: startMs + withinMs + 1 })
    const apart = around.map((one) => one.startMs).filter((one) => !isNear(one))
    const nearest = apart.sort((a, b) => Math.abs(a - startMs) - Math.abs(b - startMs) || a - b)
    return { alternatives: nearest.slice(0, 4) }
  })
}

/** The longest anybody is taken for one appointment: no two starts may be closer. */
function distanceOf(ask: Case): number {
  const wholeMin = ask.segments.reduce((sum, { lengthMin }) => sum + lengthMin, 0)
  const margins = needsOf(ask).flatMap(({ subjects, bufferBeforeMin = 0, bufferAfterMin = 0 }) =>
    subjects.map((index) => {
      const { setUpMin = 0, cleanUpMin = 0 } = subjectOf(ask, index)
      return Math.max(bufferBeforeMin, setUpMin) + Math.max(bufferAfterMin, cleanUpMin)
    }),
  )
  return (wholeMin + Math.max(0, ...margins)) * MINUTE_MS
}

/** The case after one appointment more: it counts against every limit of the whole, and of those who serve. */
function afterBooking(ask: Case, { startMs, assigned }: Offer): Case {
  const whole = { startMs, minutes: ask.segments.reduce((sum, { lengthMin }) => sum + lengthMin, 0) }
  const served: { subject: number; startMs: number; minutes: number }[] = []
  let offsetMin = 0
  let part = 0
  for (const { lengthMin, needs } of ask.segments) {
    for (const { subjects } of needs) {
      for (const at of assigned[part] ?? [])
        served.push({ subject: subjects[at] ?? -1, startMs: startMs + offsetMin * MINUTE_MS, minutes: lengthMin })
      part++
    }
    offsetMin += lengthMin
  }
  return {
    ...ask,
    limits: ask.limits.map((one) => ({ ...one, counted: [...one.counted, whole] })),
    subjects: ask.subjects.map((subject, index) => ({
      ...subject,
      ...(subject.limits && {
        limits: subject.limits.map((one) => ({
          ...one,
          counted: [...one.counted, ...served.filter((taken) => taken.subject === index)],
        })),
      }),
    })),
  }
}
