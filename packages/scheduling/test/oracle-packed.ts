/** Which starts in the free stretches of somebody leave the least useless time. */
import { needsOf, subjectOf } from './case.ts'
import { MINUTE_MS } from './oracle-clock.ts'
import { openingAround } from './oracle-hours.ts'
import { marginsFor, takenBy } from './oracle-people.ts'
import type { World } from './oracle-world.ts'

export function leastWasteful(world: World, candidate: number, starts: readonly number[]): number[] {
  const measured = starts.map((minute) => ({ minute, ...measure(world, candidate, minute) }))
  return measured
    .filter((one) => measured.every((other) => other.stretch !== one.stretch || other.waste >= one.waste))
    .map(({ minute }) => minute)
}

/** The free stretch around a start, and what an appointment there would leave useless of it. */
function measure({ ask, hoursOf }: World, candidate: number, minute: number) {
  const [need] = needsOf(ask)
  if (!need) throw new Error('a case without requirements')
  const subject = subjectOf(ask, need.subjects[candidate] ?? -1)
  const hours = hoursOf(subject)
  if (!hours) throw new Error('whoever leads has hours')
  const { fromMin, untilMin } = openingAround(hours, minute)
  const taken = subject.busy.map(takenBy)
  const startMs = minute * MINUTE_MS
  const fromMs = Math.max(fromMin * MINUTE_MS, ...taken.map(({ untilMs }) => untilMs).filter((ms) => ms <= startMs))
  const untilMs = Math.min(untilMin * MINUTE_MS, ...taken.map((one) => one.fromMs).filter((ms) => ms >= startMs))
  const { beforeMin, afterMin } = marginsFor(need, subject)
  const lengthMin = ask.segments[0]?.lengthMin ?? 0
  const before = startMs - beforeMin * MINUTE_MS - fromMs
  const after = untilMs - (startMs + (lengthMin + afterMin) * MINUTE_MS)
  const useless = [before, after].filter((gapMs) => gapMs > 0 && gapMs < (ask.usefulMin ?? 0) * MINUTE_MS)
  return { stretch: `${fromMs} ${untilMs}`, waste: useless.reduce((sum, gapMs) => sum + gapMs, 0) }
}
