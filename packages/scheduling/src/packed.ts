import type { Marks } from './marks.ts'
import { marginsOf, type Candidate, type Part } from './query.ts'
import { firstEndingAfter } from './spans.ts'
import { canLead, withLeaders, type Table } from './table.ts'

const MINUTE_MS = 60_000

/**
 * Of the served starts in a free stretch of somebody who can lead, keeps those that waste the least: gaps to what lies
 * before and after that are too short to be of use.
 */
export function packed(table: Table, served: Marks, usefulMin: number): Table {
  if (!Number.isInteger(usefulMin) || usefulMin < 1)
    throw new RangeError(`packed.usefulMin must be a whole number from 1 on, not ${usefulMin}`)
  const { candidates } = table.plan.lead.requirement
  const free = candidates.map((candidate, index) => {
    const led = table.leaders.free[index]
    const starts = [...served.keys()].filter((at) => served[at] === 1 && led?.[at] === 1 && canLead(table, at, index))
    return leastWaste(table, starts, candidate, usefulMin * MINUTE_MS)
  })
  return withLeaders(table, free)
}

function leastWaste(
  { plan, startsMs }: Table,
  starts: readonly number[],
  candidate: Candidate,
  usefulMs: number,
): Marks {
  const kept: Marks = new Uint8Array(startsMs.length)
  let stretch = { fromMs: 0, untilMs: 0 }
  let best: number[] = []
  let least = Infinity
  const keep = () => {
    for (const at of best) kept[at] = 1
  }
  for (const at of starts) {
    const fromMs = startsMs[at] ?? 0
    if (fromMs >= stretch.untilMs) {
      keep()
      stretch = stretchAround(candidate, fromMs)
      best = []
      least = Infinity
    }
    const waste = wasteOf(plan.lead, candidate, fromMs, { stretch, usefulMs })
    if (waste < least) best = []
    if (waste <= least) best.push(at)
    least = Math.min(waste, least)
  }
  keep()
  return kept
}

type Stretch = { fromMs: number; untilMs: number }

/** The longest stretch around an instant in which somebody is open and free. */
function stretchAround({ hours, busy: { spans } }: Candidate, instantMs: number): Stretch {
  const openings = hours?.openings ?? new Float64Array(0)
  const opening = firstEndingAfter(openings, instantMs)
  const next = firstEndingAfter(spans, instantMs)
  return {
    fromMs: Math.max(openings[opening] ?? 0, spans[next - 1] ?? -Infinity),
    untilMs: Math.min(openings[opening + 1] ?? 0, spans[next] ?? Infinity),
  }
}

type Ruler = { stretch: Stretch; usefulMs: number }

function wasteOf(part: Part, candidate: Candidate, fromMs: number, { stretch, usefulMs }: Ruler): number {
  const { beforeMs, afterMs } = marginsOf(part, candidate)
  const before = fromMs - beforeMs - stretch.fromMs
  const after = stretch.untilMs - (fromMs + part.lengthMs + afterMs)
  const useless = (gapMs: number) => (gapMs < usefulMs ? Math.max(gapMs, 0) : 0)
  return useless(before) + useless(after)
}
