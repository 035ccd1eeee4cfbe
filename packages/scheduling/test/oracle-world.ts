/** What the oracle finds out about a case: who is open, free, and on their steps in which minute. */
import { needsOf, subjectOf, type Case, type Need, type Subject } from './case.ts'
import { frameOf, type Frame } from './oracle-clock.ts'
import { isInOneOpening, opennessOf, stepMinutes, type Openness } from './oracle-hours.ts'
import { busyMinutes, isAtLimit, marginsFor, waysToFill, type Choice } from './oracle-people.ts'

/** What the oracle knows of a case. */
export type World = {
  readonly ask: Case
  readonly frame: Frame
  readonly wholeMin: number
  readonly service: Openness | undefined
  readonly hoursOf: (subject: Subject) => Openness | undefined
  readonly busyOf: (subject: Subject) => Uint8Array
  /** by candidate of the first requirement the minutes at which their steps are */
  readonly steps: readonly ReadonlySet<number>[]
  /** of the first requirement's candidates, those of whose steps a minute is and who are free */
  leaders: (minute: number) => readonly number[]
  readonly ways: Map<string, readonly number[][][]>
}

export type Part = {
  readonly need: Need
  readonly segment: number
  readonly offsetMin: number
  readonly lengthMin: number
}

export function worldOf(ask: Case): World {
  const frame = frameOf(ask)
  const openness = memo((index: number) => {
    const schedule = ask.schedules[index]
    if (!schedule) throw new Error(`a case without schedule ${index}`)
    return opennessOf(schedule, ask, frame)
  })
  const hoursOf = ({ schedule }: Subject) => (schedule === undefined ? undefined : openness(schedule))
  const service = ask.service === undefined ? undefined : openness(ask.service)
  const wholeMin = ask.segments.reduce((sum, { lengthMin }) => sum + lengthMin, 0)
  const partMin = ask.segments[0]?.lengthMin ?? 0
  const stepsOf = memo((own: Openness) => new Set(stepMinutes(own, { steps: ask.steps, partMin, wholeMin, service })))
  const steps = (needsOf(ask)[0]?.subjects ?? []).map((index) => {
    const own = hoursOf(subjectOf(ask, index))
    return own ? stepsOf(own) : new Set<number>()
  })
  const busyOf = memo((subject: Subject) => busyMinutes(subject, frame))
  const world: World = { ask, frame, wholeMin, service, hoursOf, busyOf, steps, leaders: () => [], ways: new Map() }
  const [first] = partsOf(ask)
  world.leaders = memo((minute) =>
    first ? freeFor(world, first, minute).filter((candidate) => steps[candidate]?.has(minute)) : [],
  )
  return world
}

export function partsOf({ segments }: Case): Part[] {
  return segments.flatMap(({ needs, lengthMin }, segment) => {
    const offsetMin = segments.slice(0, segment).reduce((sum, before) => sum + before.lengthMin, 0)
    return needs.map((need) => ({ need, segment, offsetMin, lengthMin }))
  })
}

/** Those of a requirement's candidates who are open, not busy, and within their limits; alone only whoever was chosen. */
export function freeFor(world: World, part: Part, minute: number): number[] {
  return [...part.need.subjects.keys()].filter((candidate) => {
    const subject = subjectOf(world.ask, part.need.subjects[candidate] ?? -1)
    if (part.need.count === 1 && part.need.chosen !== undefined && part.need.chosen !== subject.id) return false
    return (
      isOpenFor(world, subject, part, minute) &&
      !isBusyFor(world, subject, part, minute) &&
      !isLimitedFor(world, subject, part, minute)
    )
  })
}

export function isOpenFor(world: World, subject: Subject, { offsetMin, lengthMin }: Part, minute: number): boolean {
  const hours = world.hoursOf(subject)
  return !hours || isInOneOpening(hours, minute + offsetMin, minute + offsetMin + lengthMin)
}

function isBusyFor(world: World, subject: Subject, { need, offsetMin, lengthMin }: Part, minute: number): boolean {
  const { beforeMin, afterMin } = marginsFor(need, subject)
  const busy = world.busyOf(subject)
  const first = minute + offsetMin - world.frame.firstMin
  for (let i = first - beforeMin; i < first + lengthMin + afterMin; i++) if (busy[i] === 1) return true
  return false
}

function isLimitedFor(
  { frame }: World,
  { limits = [] }: Subject,
  { offsetMin, lengthMin }: Part,
  minute: number,
): boolean {
  return limits.some((one) => isAtLimit(one, minute + offsetMin, { lengthMin, frame }))
}

/** Whether a limit of the service or the customer stands against the whole appointment. */
export function isLimitedWhole({ ask, frame, wholeMin }: World, minute: number): boolean {
  return ask.limits.some((one) => isAtLimit(one, minute, { lengthMin: wholeMin, frame }))
}

/** For every segment who could be taken for its requirements. */
export function choicesAt(world: World, minute: number): Choice[][] {
  const parts = partsOf(world.ask)
  return world.ask.segments.map((_segment, segment) =>
    parts.flatMap((part, index) => {
      if (part.segment !== segment) return []
      const leaders = index === 0 ? world.leaders(minute) : undefined
      return [{ need: part.need, free: freeFor(world, part, minute), leaders }]
    }),
  )
}

export function waysIn(world: World, segment: number, choices: readonly Choice[]): readonly number[][][] {
  const key = JSON.stringify([segment, choices.map(({ free, leaders }) => [free, leaders])])
  const known = world.ways.get(key) ?? waysToFill(choices)
  world.ways.set(key, known)
  return known
}

function memo<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    known.set(key, made)
    return made
  }
}
