import { fullPeriods, type Limit } from './limits.ts'
import { marginsOf, type Candidate, type Part } from './query.ts'
import type { OpenHours } from './schedule.ts'
import { firstEndingAfter, type SpanSet } from './spans.ts'

/** For every start of a list, 1 or 0. */
export type Marks = Uint8Array<ArrayBuffer>

/** Marks the starts at which a part of an appointment lies in one of the openings. */
export function markOpen(marks: Marks, startsMs: Float64Array, { offsetMs, lengthMs }: Part, hours: OpenHours): void {
  const { openings } = hours
  let at = firstEndingAfter(openings, (startsMs[0] ?? 0) + offsetMs)
  for (let i = 0; i < startsMs.length; i++) {
    const fromMs = (startsMs[i] ?? 0) + offsetMs
    while ((openings[at + 1] ?? Infinity) <= fromMs) at += 2
    if ((openings[at] ?? Infinity) <= fromMs && fromMs + lengthMs <= (openings[at + 1] ?? 0)) marks[i] = 1
  }
}

/** Clears the starts at which a candidate is busy in its part of an appointment or the margins around it. */
export function clearBusy(marks: Marks, startsMs: Float64Array, part: Part, candidate: Candidate): void {
  const { beforeMs, afterMs } = marginsOf(part, candidate)
  clearAround(marks, startsMs, candidate.busy.spans, {
    headMs: beforeMs - part.offsetMs,
    tailMs: part.offsetMs + part.lengthMs + afterMs,
  })
}

/** Clears the starts that fall into periods in which nothing more of this length may start. */
export function clearLimited(
  marks: Marks,
  startsMs: Float64Array,
  limits: readonly Limit[],
  { offsetMs, lengthMs }: { offsetMs: number; lengthMs: number },
): void {
  for (const one of limits) {
    const full = fullPeriods(one, lengthMs / 60_000)
    for (let k = 0; k < full.length; k += 2) {
      const first = firstFrom(startsMs, (full[k] ?? 0) - offsetMs)
      marks.fill(0, first, firstFrom(startsMs, (full[k + 1] ?? 0) - offsetMs))
    }
  }
}

/** Clears every start that overlaps a span: one more than `tailMs` before it, and less than `headMs` after its end. */
function clearAround(
  marks: Marks,
  startsMs: Float64Array,
  spans: SpanSet,
  { headMs, tailMs }: { headMs: number; tailMs: number },
): void {
  const count = startsMs.length
  let i = 0
  for (let at = firstEndingAfter(spans, (startsMs[0] ?? 0) - headMs); at < spans.length && i < count; at += 2) {
    const afterMs = (spans[at] ?? 0) - tailMs
    const untilMs = (spans[at + 1] ?? 0) + headMs
    while (i < count && (startsMs[i] ?? 0) <= afterMs) i++
    while (i < count && (startsMs[i] ?? 0) < untilMs) marks[i++] = 0
  }
}

/** The index of the first start that is not before an instant. */
export function firstFrom(startsMs: Float64Array, instantMs: number): number {
  let low = 0
  let high = startsMs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((startsMs[middle] ?? 0) >= instantMs) high = middle
    else low = middle + 1
  }
  return low
}

/** Ascending lists as one, each value once. */
export function mergeStarts(lists: readonly Float64Array[]): Float64Array {
  if (lists.length <= 1) return lists[0] ?? new Float64Array(0)
  const middle = lists.length >> 1
  return mergeTwo(mergeStarts(lists.slice(0, middle)), mergeStarts(lists.slice(middle)))
}

function mergeTwo(a: Float64Array, b: Float64Array): Float64Array {
  // People mostly keep the same hours.
  if (a.length === 0 || areSame(a, b)) return b
  if (b.length === 0) return a
  const merged = new Float64Array(a.length + b.length)
  let length = 0
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = i < a.length ? (a[i] ?? 0) : Infinity
    const right = j < b.length ? (b[j] ?? 0) : Infinity
    merged[length++] = left < right ? left : right
    if (left <= right) i++
    if (right <= left) j++
  }
  return merged.subarray(0, length)
}

function areSame(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
