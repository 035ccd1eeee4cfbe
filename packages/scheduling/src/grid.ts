import type { Plan } from './query.ts'
import type { OpenHours } from './schedule.ts'
import { firstEndingAfter } from './spans.ts'
import { firstInstant, offsetAt, type ZoneOffsets } from './zones.ts'

const DAY_MS = 86_400_000

/** Where starts are looked for: from the first instant on, before the last. */
export type Range = { readonly firstMs: number; readonly lastMs: number }

/** A stretch in which starts are counted from one local time on. */
type GridWindow = {
  startMs: number
  endMs: number
  /** an appointment that starts in it ends by then */
  untilMs: number
  /** a local time as if UTC */
  anchorMs: number
  /** NaN where the clocks change */
  offsetMs: number
  zone: ZoneOffsets
}

/**
 * The starts, ascending, that the steps of a plan give within the hours of whoever leads, whatever is busy: their part of
 * the appointment lies in one of their openings, and the whole of it in one of the service's.
 */
export function gridStarts(plan: Plan, hours: OpenHours, { firstMs, lastMs }: Range): Float64Array {
  const windows = gridWindows(plan, hours, firstMs, lastMs)
  let room = 0
  // A start per step; where clocks change, local times crowd, but by no more than a day's steps.
  for (const { startMs, endMs, offsetMs } of windows)
    room += Math.ceil((endMs - startMs + (Number.isNaN(offsetMs) ? DAY_MS : 0)) / plan.stepMs) + 1
  const starts = new Float64Array(room)
  let count = 0
  for (const window of windows) {
    const within = {
      firstMs: Math.max(window.startMs, firstMs),
      lastMs: Math.min(window.endMs, window.untilMs + 1, lastMs),
    }
    if (within.firstMs >= within.lastMs) continue
    const fill = Number.isNaN(window.offsetMs) ? fillAcrossChange : fillSteady
    count = fill(starts, count, window, { ...within, plan })
  }
  return starts.subarray(0, count)
}

type Search = Range & { plan: Plan }

/** The clocks run on undisturbed: plain arithmetic. */
function fillSteady(
  starts: Float64Array,
  count: number,
  window: GridWindow,
  { firstMs, lastMs, plan }: Search,
): number {
  const { stepMs } = plan
  const gridMs = firstLocalMs(window, plan) - window.offsetMs
  const skipped = Math.max(0, Math.ceil((firstMs - gridMs) / stepMs))
  let at = count
  for (let startMs = gridMs + skipped * stepMs; startMs < lastMs; startMs += stepMs) starts[at++] = startMs
  return at
}

/** The clocks change in or near the window: every local time of the grid is looked up. */
function fillAcrossChange(
  starts: Float64Array,
  count: number,
  window: GridWindow,
  { firstMs, lastMs, plan }: Search,
): number {
  const { zone } = window
  const lastLocalMs = window.endMs + Math.max(offsetAt(zone, window.startMs), offsetAt(zone, window.endMs))
  let at = count
  for (let localMs = firstLocalMs(window, plan); localMs <= lastLocalMs; localMs += plan.stepMs) {
    const startMs = firstInstant(zone, localMs)
    if (startMs === undefined || startMs < firstMs) continue
    if (startMs >= lastMs) break
    starts[at++] = startMs
  }
  return at
}

/** The local time at which the counting begins. */
function firstLocalMs({ anchorMs }: GridWindow, { fromMidnight, offsetMs }: Plan): number {
  if (!fromMidnight) return anchorMs + offsetMs
  const midnightMs = Math.floor(anchorMs / DAY_MS) * DAY_MS
  return midnightMs + offsetMs
}

/** The windows in which a start between first and last could lie, cut by the hours of the service. */
function gridWindows(plan: Plan, hours: OpenHours, firstMs: number, lastMs: number): GridWindow[] {
  const { windows } = hours
  const found: GridWindow[] = []
  const service = plan.query.serviceHours?.openings
  let k = 0
  for (let i = firstEndingAfter(windows, firstMs); (windows[i] ?? Infinity) < lastMs; i += 2) {
    const whole = windowAt(plan, hours, i)
    if (!service) {
      found.push(whole)
      continue
    }
    while ((service[k + 1] ?? Infinity) <= whole.startMs) k += 2
    for (let j = k; (service[j] ?? Infinity) < whole.endMs; j += 2)
      found.push(cut(plan, whole, service[j] ?? 0, service[j + 1] ?? 0))
  }
  return found
}

/** The window whose start stands at an index of the flat array. */
function windowAt({ lead }: Plan, hours: OpenHours, index: number): GridWindow {
  const at = index / 2
  return {
    startMs: hours.windows[index] ?? 0,
    endMs: hours.windows[index + 1] ?? 0,
    untilMs: (hours.untilsMs[at] ?? 0) - lead.lengthMs,
    anchorMs: hours.anchorsMs[at] ?? 0,
    offsetMs: hours.offsetsMs[at] ?? 0,
    zone: hours.zones[at] ?? NO_ZONE,
  }
}

const NO_ZONE: ZoneOffsets = { sinceMs: [], offsetsMs: [], untilMs: 0 }

function cut({ lengthMs }: Plan, window: GridWindow, opensMs: number, closesMs: number): GridWindow {
  const endMs = Math.min(window.endMs, closesMs)
  const untilMs = Math.min(window.untilMs, closesMs - lengthMs)
  if (opensMs <= window.startMs) return { ...window, endMs, untilMs }
  return { ...window, startMs: opensMs, endMs, untilMs, anchorMs: opensMs + offsetAt(window.zone, opensMs) }
}
