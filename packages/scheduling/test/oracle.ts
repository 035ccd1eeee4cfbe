/**
 * A second engine that is slow and obviously right: it looks at every minute, asks Temporal what the clocks show, tries
 * all ways to serve, and shares no code with the first. Property tests hold the two against each other.
 */
import { needsOf, type Case } from './case.ts'
import { clockOf, dateOf, MINUTE_MS } from './oracle-clock.ts'
import { leastWasteful } from './oracle-packed.ts'
import { bestWay } from './oracle-people.ts'
import { choicesAt, freeFor, isLimitedWhole, partsOf, waysIn, worldOf, type Part, type World } from './oracle-world.ts'

export type Offer = {
  readonly startMs: number
  /** for every requirement who could serve */
  readonly candidates: readonly (readonly number[])[]
  /** for every requirement who is to serve; none to join a session */
  readonly assigned: readonly (readonly number[])[]
  readonly sessions: readonly string[]
  readonly seatsLeft: number
}

/** The starts that are offered, ascending. */
export function offersOf(ask: Case): Offer[] {
  const { fromMs, toMs } = ask
  const world = worldOf(ask)
  const fresh = freshMinutes(world)
  if (ask.usefulMin !== undefined) keepPacked(world, fresh)
  const served = ask.usefulMin === undefined ? fresh : fresh.filter((minute) => canBeServed(world, minute))
  const sessions = joinable(world)
  const all = [...new Set([...served.map((minute) => minute * MINUTE_MS), ...sessions.map(({ startMs }) => startMs)])]
  const starts = all.sort((a, b) => a - b)
  const offered = ask.firstOfDayIn === undefined ? starts : firstsOfDays(world, starts, ask.firstOfDayIn)
  return offered
    .filter((startMs) => fromMs <= startMs && startMs < toMs)
    .map((startMs) => offerAt(world, startMs, served.includes(startMs / MINUTE_MS)))
}

/** Whether neither notice nor window stands against a start. */
export function isInTime({ nowMs, noticeMin, window }: Case, startMs: number): boolean {
  const isFar = startMs >= nowMs + noticeMin * MINUTE_MS
  return isFar && (!window || (window.fromMs <= startMs && startMs < window.untilMs))
}

function canBeServed(world: World, minute: number): boolean {
  return choicesAt(world, minute).every((choices, segment) => waysIn(world, segment, choices).length > 0)
}

/** The minutes at which an appointment can be served that nobody has opened yet. */
function freshMinutes(world: World): number[] {
  const { ask, steps } = world
  if (ask.group && ask.group.seats > ask.group.capacity) return []
  const all = [...new Set(steps.flatMap((minutes) => [...minutes]))].sort((a, b) => a - b)
  return all.filter(
    (minute) => isInTime(ask, minute * MINUTE_MS) && !isLimitedWhole(world, minute) && canBeServed(world, minute),
  )
}

/** From now on, only those lead whose free stretch is least torn. */
function keepPacked(world: World, fresh: readonly number[]): void {
  const kept = world.steps.map((_steps, candidate) => {
    const starts = fresh.filter((minute) => canLeadAt(world, minute, candidate))
    return new Set(leastWasteful(world, candidate, starts))
  })
  const all = world.leaders
  world.leaders = (minute) => all(minute).filter((candidate) => kept[candidate]?.has(minute))
}

function canLeadAt(world: World, minute: number, candidate: number): boolean {
  const [choices] = choicesAt(world, minute)
  if (!choices || !world.leaders(minute).includes(candidate)) return false
  return waysIn(world, 0, choices).some((way) => way[0]?.includes(candidate))
}

function joinable(world: World) {
  const { ask, wholeMin } = world
  const chosen = needsOf(ask)[0]?.chosen
  return (ask.group?.sessions ?? []).filter(({ startMs, endMs, seatsLeft, candidateIds }) => {
    const fits = endMs - startMs === wholeMin * MINUTE_MS && seatsLeft >= (ask.group?.seats ?? 1)
    const hasChosen = chosen === undefined || candidateIds.includes(chosen)
    return fits && hasChosen && isInTime(ask, startMs) && !isLimitedWhole(world, Math.floor(startMs / MINUTE_MS))
  })
}

function firstsOfDays({ frame }: World, starts: readonly number[], timeZone: string): number[] {
  const { shownAt } = clockOf(timeZone, frame)
  const dates = new Set<string>()
  return starts.filter((startMs) => {
    const date = dateOf(shownAt(Math.floor(startMs / MINUTE_MS)))
    const isNew = !dates.has(date)
    dates.add(date)
    return isNew
  })
}

function offerAt(world: World, startMs: number, isFresh: boolean): Offer {
  const { ask } = world
  const minute = startMs / MINUTE_MS
  const sessions = joinable(world).filter((one) => one.startMs === startMs)
  const ordered = [...sessions].sort((a, b) => b.seatsLeft - a.seatsLeft)
  const capacity = ask.group?.capacity ?? 1
  return {
    startMs,
    candidates: partsOf(ask).map((part, index) => {
      const free = isFresh ? couldServe(world, part, { index, minute }) : []
      const hosts = index === 0 ? sessions.flatMap(({ candidateIds }) => candidateIds) : []
      return [...part.need.subjects.keys()].filter(
        (one) => free.includes(one) || hosts.includes(`s${part.need.subjects[one] ?? -1}`),
      )
    }),
    assigned: sessions.length > 0 ? [] : assignedAt(world, minute),
    sessions: ordered.map(({ id }) => id),
    seatsLeft: Math.max(isFresh ? capacity : 0, ...sessions.map(({ seatsLeft }) => seatsLeft)),
  }
}

/** Where one serves alone in the first requirement, it is one who leads; everywhere else whoever is free could. */
function couldServe(world: World, part: Part, { index, minute }: { index: number; minute: number }): readonly number[] {
  return index === 0 && part.need.count === 1 ? world.leaders(minute) : freeFor(world, part, minute)
}

function assignedAt(world: World, minute: number): number[][] {
  return choicesAt(world, minute).flatMap(
    (choices, segment) => bestWay(world.ask, choices, waysIn(world, segment, choices)) ?? [],
  )
}
