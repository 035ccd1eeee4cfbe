import type { SlotRules } from './query.ts'
import type { OpenHours } from './schedule.ts'
import { firstEndingAfter, type SpanSet } from './spans.ts'
import { firstInstant, offsetAt, type ZoneOffsets } from './zones.ts'

/** A window in which starts are counted from `anchorMs` on, a local time as if UTC. */
type GridWindow = { startMs: number; endMs: number; anchorMs: number; offsetMs: number }

/**
 * The starts, ascending, at which an appointment lies within the hours and overlaps nothing of `busy`, buffers included.
 * @param serviceHours  hours of the service; starts are then counted from the later of the two beginnings
 */
export function freeStarts(
  hours: OpenHours,
  serviceHours: OpenHours | undefined,
  busy: SpanSet,
  rules: SlotRules,
): number[] {
  const starts: number[] = []
  const cursor = { at: firstEndingAfter(busy, rules.firstMs - rules.beforeMs) }
  eachWindow(hours, serviceHours, rules, (window) => {
    if (Number.isNaN(window.offsetMs)) pushAcrossChange(starts, window, hours.zone, { busy, cursor, rules })
    else pushSteady(starts, window, { busy, cursor, rules })
  })
  return starts
}

/** Whether a start lies within the hours, and on their grid, whatever is busy. */
export function placeInHours(
  hours: OpenHours,
  serviceHours: OpenHours | undefined,
  startMs: number,
  rules: SlotRules,
): 'on_grid' | 'off_grid' | 'outside' {
  const around: GridWindow[] = []
  const only = { ...rules, firstMs: startMs, lastMs: startMs + 1 }
  eachWindow(hours, serviceHours, only, (window) => {
    if (window.startMs <= startMs && startMs + rules.lengthMs <= window.endMs) around.push(window)
  })
  if (around.length === 0) return 'outside'
  return freeStarts(hours, serviceHours, new Float64Array(0), only).length > 0 ? 'on_grid' : 'off_grid'
}

/** Visits the windows in which a start between first and last could lie. */
function eachWindow(
  hours: OpenHours,
  serviceHours: OpenHours | undefined,
  { firstMs, lastMs }: SlotRules,
  visit: (window: GridWindow) => void,
) {
  const { windows } = hours
  let k = 0
  for (let i = firstEndingAfter(windows, firstMs); i < windows.length && (windows[i] ?? 0) < lastMs; i += 2) {
    const whole = windowAt(hours, i)
    const { startMs, endMs } = whole
    if (!serviceHours) {
      visit(whole)
      continue
    }
    const open = serviceHours.windows
    while (k < open.length && (open[k + 1] ?? 0) <= startMs) k += 2
    for (let j = k; j < open.length && (open[j] ?? 0) < endMs; j += 2)
      visit(clip(whole, open[j] ?? 0, open[j + 1] ?? 0, hours.zone))
  }
}

/** The window whose start stands at an index of the flat array. */
function windowAt({ windows, anchorsMs, offsetsMs }: OpenHours, index: number): GridWindow {
  return {
    startMs: windows[index] ?? 0,
    endMs: windows[index + 1] ?? 0,
    anchorMs: anchorsMs[index / 2] ?? 0,
    offsetMs: offsetsMs[index / 2] ?? 0,
  }
}

function clip(window: GridWindow, opensMs: number, closesMs: number, zone: ZoneOffsets): GridWindow {
  const endMs = Math.min(window.endMs, closesMs)
  if (opensMs <= window.startMs) return { ...window, endMs }
  return { ...window, startMs: opensMs, endMs, anchorMs: opensMs + offsetAt(zone, opensMs) }
}

type Search = { busy: SpanSet; cursor: { at: number }; rules: SlotRules }

/** The clocks run on undisturbed: plain arithmetic. */
function pushSteady(starts: number[], window: GridWindow, { busy, cursor, rules }: Search): void {
  const { lengthMs, stepMs, beforeMs, afterMs, firstMs, lastMs } = rules
  const gridMs = window.anchorMs - window.offsetMs
  const beyondMs = Math.min(lastMs, window.endMs - lengthMs + 1)
  let startMs = gridMs
  if (firstMs > gridMs) startMs += Math.ceil((firstMs - gridMs) / stepMs) * stepMs
  let at = cursor.at
  while (startMs < beyondMs) {
    while (at < busy.length && (busy[at + 1] ?? 0) <= startMs - beforeMs) at += 2
    if (at < busy.length && (busy[at] ?? 0) < startMs + lengthMs + afterMs) {
      const freeMs = (busy[at + 1] ?? 0) + beforeMs
      startMs += Math.ceil((freeMs - startMs) / stepMs) * stepMs
    } else {
      starts.push(startMs)
      startMs += stepMs
    }
  }
  cursor.at = at
}

/** The clocks change in or near the window: every local time of the grid is looked up. */
function pushAcrossChange(
  starts: number[],
  window: GridWindow,
  zone: ZoneOffsets,
  { busy, cursor, rules }: Search,
): void {
  const { lengthMs, stepMs, beforeMs, afterMs, firstMs, lastMs } = rules
  const lastLocalMs = window.endMs + Math.max(offsetAt(zone, window.startMs), offsetAt(zone, window.endMs))
  for (let localMs = window.anchorMs; localMs <= lastLocalMs; localMs += stepMs) {
    const startMs = firstInstant(zone, localMs)
    if (startMs === undefined || startMs < window.startMs || startMs < firstMs) continue
    if (startMs >= lastMs || startMs + lengthMs > window.endMs) return
    while (cursor.at < busy.length && (busy[cursor.at + 1] ?? 0) <= startMs - beforeMs) cursor.at += 2
    if (cursor.at >= busy.length || (busy[cursor.at] ?? 0) >= startMs + lengthMs + afterMs) starts.push(startMs)
  }
}
