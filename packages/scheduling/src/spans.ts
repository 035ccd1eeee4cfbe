/** A stretch of time, half-open: the end is not part of it. Epoch milliseconds, UTC. */
export type Span = { readonly startMs: number; readonly endMs: number }

/**
 * Stretches of time that neither overlap nor touch, ascending, flat: start0, end0, start1, end1, ... in epoch
 * milliseconds. Made by `spanSet` and `spanSetFromFlat`; every function here takes and gives such sets only.
 */
export type SpanSet = Float64Array

/**
 * Sorts spans and merges those that overlap or touch.
 * @throws {RangeError} when a span does not end after its start
 */
export function spanSet(spans: Iterable<Span>): SpanSet {
  const flat: number[] = []
  for (const { startMs, endMs } of spans) flat.push(startMs, endMs)
  return spanSetFromFlat(flat)
}

/**
 * The same from flat pairs in any order.
 * @throws {RangeError} when a pair does not end after its start, or a value is left over
 */
export function spanSetFromFlat(flat: Float64Array | readonly number[]): SpanSet {
  if (flat.length % 2 === 1) throw new RangeError('spans come in pairs of a start and an end')
  const order = ascendingStarts(flat)
  const merged = new Float64Array(flat.length)
  let length = 0
  for (const at of order) {
    const startMs = flat[at] ?? Number.NaN
    const endMs = flat[at + 1] ?? Number.NaN
    if (!(endMs > startMs)) throw new RangeError(`a span must end after its start: ${startMs} to ${endMs}`)
    const lastEndMs = length > 0 ? (merged[length - 1] ?? 0) : -Infinity
    if (startMs <= lastEndMs) {
      if (endMs > lastEndMs) merged[length - 1] = endMs
    } else {
      merged[length++] = startMs
      merged[length++] = endMs
    }
  }
  return merged.slice(0, length)
}

function ascendingStarts(flat: Float64Array | readonly number[]): Uint32Array {
  const order = new Uint32Array(flat.length / 2)
  for (let i = 0; i < order.length; i++) order[i] = 2 * i
  return isAscending(flat) ? order : order.sort((a, b) => (flat[a] ?? 0) - (flat[b] ?? 0))
}

// Stryker disable all: sorting what is sorted takes longer, and gives the same.
function isAscending(flat: Float64Array | readonly number[]): boolean {
  for (let i = 2; i < flat.length; i += 2) if ((flat[i] ?? 0) < (flat[i - 2] ?? 0)) return false
  return true
}
// Stryker restore all

/** The time that is in either set. */
export function union(a: SpanSet, b: SpanSet): SpanSet {
  const both = new Float64Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return spanSetFromFlat(both)
}

/** The time that is in both sets. */
export function intersect(a: SpanSet, b: SpanSet): SpanSet {
  const shared: number[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const startMs = Math.max(a[i] ?? 0, b[j] ?? 0)
    const endMs = Math.min(a[i + 1] ?? 0, b[j + 1] ?? 0)
    if (startMs < endMs) shared.push(startMs, endMs)
    if ((a[i + 1] ?? 0) < (b[j + 1] ?? 0)) i += 2
    else j += 2
  }
  return Float64Array.from(shared)
}

/** The time that is in the first set and not in the second. */
export function subtract(a: SpanSet, b: SpanSet): SpanSet {
  const left: number[] = []
  let j = 0
  for (let i = 0; i < a.length; i += 2) {
    let startMs = a[i] ?? 0
    const endMs = a[i + 1] ?? 0
    while (j < b.length && (b[j + 1] ?? 0) <= startMs) j += 2
    for (let k = j; k < b.length && (b[k] ?? 0) < endMs; k += 2) {
      if ((b[k] ?? 0) > startMs) left.push(startMs, b[k] ?? 0)
      startMs = Math.max(startMs, b[k + 1] ?? 0)
    }
    if (startMs < endMs) left.push(startMs, endMs)
  }
  return Float64Array.from(left)
}

/** Whether any of the set lies between the two instants. Touching is not overlapping: RFC 5545 §3.6.1. */
export function overlaps(set: SpanSet, startMs: number, endMs: number): boolean {
  const at = firstEndingAfter(set, startMs)
  return at < set.length && (set[at] ?? 0) < endMs
}

/** The index of the first span that ends after the instant; the set's length when none does. */
export function firstEndingAfter(set: SpanSet, instantMs: number): number {
  let low = 0
  let high = set.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((set[2 * middle + 1] ?? 0) > instantMs) high = middle
    else low = middle + 1
  }
  return 2 * low
}
