import type { SlotQuery } from '../src/index.ts'

/**
 * The practical limit: a loop that knows nothing but hours and sorted busy times in typed arrays, with one pass for each
 * provider and a mark for every start that somebody has free.
 * @returns the loop, which gives the number of free starts
 */
export function plainLoop({ segments, steps, fromMs, toMs }: SlotQuery): () => number {
  const [segment] = segments
  const lengthMs = (segment?.lengthMin ?? 0) * 60_000
  const stepMs = steps.everyMin * 60_000
  const candidates = segment?.requirements[0]?.candidates ?? []
  const people = candidates.map(({ hours, busy }) => ({
    windows: hours?.windows ?? new Float64Array(0),
    busy: busy.spans,
  }))
  const marks = new Uint8Array(Math.ceil((toMs - fromMs) / stepMs))
  return () => {
    marks.fill(0)
    let count = 0
    for (const { windows, busy } of people) {
      let at = 0
      for (let w = 0; w < windows.length; w += 2) {
        const lastMs = (windows[w + 1] ?? 0) - lengthMs
        for (let startMs = windows[w] ?? 0; startMs <= lastMs; startMs += stepMs) {
          while (at < busy.length && (busy[at + 1] ?? 0) <= startMs) at += 2
          if (at < busy.length && (busy[at] ?? 0) < startMs + lengthMs) continue
          const mark = (startMs - fromMs) / stepMs
          if (startMs >= toMs || marks[mark] === 1) continue
          marks[mark] = 1
          count++
        }
      }
    }
    return count
  }
}
