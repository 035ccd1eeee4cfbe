/** When somebody is open, and at which minutes their steps are: every minute is looked at. */
import type { Schedule } from '../src/index.ts'
import { clockOf, DAY_MIN, dateOf, localMinutesOf, MINUTE_MS, type Frame, type WallClock } from './oracle-clock.ts'

type Dates = { readonly fromDate: string; readonly toDate: string }

type OpenWindow = {
  readonly opensMin: number
  readonly closesMin: number
  /** the local minute at which the window begins by its rule, whether the clocks show it or not */
  readonly anchor: number
  readonly beginsAtMidnight: boolean
  readonly clock: WallClock
}

/** For every minute of the frame the window and the opening that it is in, as indexes; -1 where none is. */
export type Openness = {
  readonly frame: Frame
  readonly windows: readonly OpenWindow[]
  readonly window: Int16Array
  readonly opening: Int16Array
}

export function opennessOf(schedule: Schedule, dates: Dates, frame: Frame): Openness {
  const windows = windowsOf(schedule, dates, frame)
  const opening = new Int16Array(frame.lengthMin).fill(-1)
  const window = new Int16Array(frame.lengthMin).fill(-1)
  windows.forEach(({ opensMin, closesMin }, index) => {
    for (let i = opensMin - frame.firstMin; i < closesMin - frame.firstMin; i++) {
      // Of windows that overlap, the one that began first goes on.
      if (window[i] === -1) window[i] = index
    }
  })
  const isCut = windows.map(({ opensMin }, index) => window[opensMin - frame.firstMin] !== index)
  const groups = openingsOf(windows, isCut)
  window.forEach((index, i) => {
    if (index !== -1) opening[i] = groups[index] ?? -1
  })
  return { frame, windows, window, opening }
}

/** Whether all minutes from one to before another are in one and the same opening. */
export function isInOneOpening({ opening, frame }: Openness, fromMin: number, toMin: number): boolean {
  const first = opening[fromMin - frame.firstMin] ?? -1
  if (first === -1) return false
  for (let minute = fromMin; minute < toMin; minute++) if (opening[minute - frame.firstMin] !== first) return false
  return true
}

/** The first minute of the opening that a minute is in, and the minute after its last. */
export function openingAround({ opening, frame }: Openness, minute: number): { fromMin: number; untilMin: number } {
  const index = opening[minute - frame.firstMin]
  let fromMin = minute
  let untilMin = minute + 1
  while (opening[fromMin - 1 - frame.firstMin] === index) fromMin--
  while (opening[untilMin - frame.firstMin] === index) untilMin++
  return { fromMin, untilMin }
}

type StepRule = {
  readonly steps: { readonly everyMin: number; readonly offsetMin?: number; readonly from?: 'window' | 'midnight' }
  /** of the part that the owner of the hours leads */
  readonly partMin: number
  /** of the whole appointment */
  readonly wholeMin: number
  readonly service: Openness | undefined
}

/** The minutes at which appointments start by the hours of whoever leads, ascending. */
export function stepMinutes(own: Openness, rule: StepRule): number[] {
  const found: number[] = []
  const { frame, windows, window } = own
  let counted = 0
  const first = Math.min(...windows.map(({ opensMin }) => opensMin)) - frame.firstMin
  const last = Math.max(...windows.map(({ closesMin }) => closesMin)) - frame.firstMin
  for (let i = first; i < last; i++) {
    const lasting = windows[window[i] ?? -1]
    const served = rule.service?.opening[i] ?? 0
    if (!lasting || served === -1) continue
    const goesOn = window[i] === window[i - 1] && served === (rule.service?.opening[i - 1] ?? 0)
    if (!goesOn) counted = countedFrom(own, rule, i)
    const minute = frame.firstMin + i
    if (!isStep(lasting, minute, { rule, countedFrom: counted })) continue
    if (!isInOneOpening(own, minute, minute + rule.partMin)) continue
    if (rule.service && !isInOneOpening(rule.service, minute, minute + rule.wholeMin)) continue
    found.push(minute)
  }
  return found
}

/** The local minute from which the starts around a minute are counted: the later beginning, the window's or the service's. */
function countedFrom({ windows, window, frame }: Openness, { service }: StepRule, i: number): number {
  const lasting = windows[window[i] ?? -1]
  if (!lasting) throw new Error('there is no window')
  if (!service) return lasting.anchor
  let begun = i
  while (window[begun - 1] === window[i]) begun--
  let served = i
  while (service.opening[served - 1] === service.opening[i]) served--
  return served > begun ? lasting.clock.shownAt(frame.firstMin + served) : lasting.anchor
}

/** The clocks skip no minute that is asked about here; of those that they show twice, the first counts. */
function isStep({ clock }: OpenWindow, minute: number, { rule, countedFrom }: { rule: StepRule; countedFrom: number }) {
  const { everyMin, offsetMin = 0, from } = rule.steps
  const base = from === 'midnight' ? Math.floor(countedFrom / DAY_MIN) * DAY_MIN : countedFrom
  const since = clock.shownAt(minute) - base - offsetMin
  return since >= 0 && since % everyMin === 0 && clock.isFirst(minute)
}

/** All windows that begin on the dates, in the order in which they begin. */
function windowsOf(schedule: Schedule, { fromDate, toDate }: Dates, frame: Frame): OpenWindow[] {
  const windows: OpenWindow[] = []
  for (let midnight = localMinutesOf(fromDate); midnight <= localMinutesOf(toDate); midnight += DAY_MIN) {
    const clock = clockOf(zoneOn(schedule, dateOf(midnight)), frame)
    for (const { startMin, endMin } of rulesOn(schedule, dateOf(midnight))) {
      const isCut = endMin > DAY_MIN && isClosedOn(schedule, dateOf(midnight + DAY_MIN))
      const opensMin = clock.firstAtOrAfter(midnight + startMin)
      const closesMin = clock.firstAtOrAfter(midnight + (isCut ? DAY_MIN : endMin))
      windows.push({ opensMin, closesMin, anchor: midnight + startMin, beginsAtMidnight: startMin === 0, clock })
    }
  }
  return windows
    .filter(({ opensMin, closesMin }) => opensMin < closesMin)
    .sort((a, b) => a.opensMin - b.opensMin || a.anchor - b.anchor)
}

/** What holds on a date: closures before overrides before holidays before the week. */
function rulesOn(schedule: Schedule, date: string): readonly { startMin: number; endMin: number }[] {
  if (isClosedOn(schedule, date)) return []
  const override = schedule.overrides?.find((one) => one.date === date)
  if (override) return override.windows
  if (schedule.holidays?.some((one) => one.date === date)) return []
  const { dayOfWeek } = Temporal.PlainDate.from(date)
  return schedule.weekly.filter(({ weekday }) => weekday === dayOfWeek)
}

function isClosedOn({ closures = [] }: Schedule, date: string): boolean {
  return closures.some(({ fromDate, toDate }) => fromDate <= date && date <= toDate)
}

function zoneOn({ timeZone, stays = [] }: Schedule, date: string): string {
  return stays.find(({ fromDate, toDate }) => fromDate <= date && date <= toDate)?.timeZone ?? timeZone
}

/** The zone whose clocks count at an instant: that of the first stay that has its date there and then. */
export function zoneOfSchedule(schedule: Schedule, instantMs: number): string {
  const isThere = ({ fromDate, toDate, timeZone }: { fromDate: string; toDate: string; timeZone: string }) => {
    const date = plainDateAt(instantMs, timeZone)
    return fromDate <= date && date <= toDate
  }
  return schedule.stays?.find(isThere)?.timeZone ?? schedule.timeZone
}

export function plainDateAt(instantMs: number, timeZone: string): string {
  const atMs = Math.floor(instantMs / MINUTE_MS) * MINUTE_MS
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** For every window the number of its opening: those that overlap or meet at midnight have the same. */
function openingsOf(windows: readonly OpenWindow[], isCut: readonly boolean[]): number[] {
  const opening = [...windows.keys()]
  const join = (a: number, b: number) => {
    const [kept, given] = [opening[a], opening[b]]
    opening.forEach((one, index) => {
      if (one === given && kept !== undefined) opening[index] = kept
    })
  }
  windows.forEach((a, i) => {
    windows.forEach((b, j) => {
      const overlap = i !== j && a.opensMin < b.closesMin && b.opensMin < a.closesMin
      const meet = a.closesMin === b.opensMin && b.beginsAtMidnight && !isCut[j]
      if (overlap || meet) join(i, j)
    })
  })
  return opening
}
