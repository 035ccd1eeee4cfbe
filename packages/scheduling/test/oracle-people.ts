/** Who is taken or has reached a limit, and who of those who are free is to serve. */
import type { BusyTime } from '../src/index.ts'
import type { Case, CaseLimit, Need, Subject } from './case.ts'
import { clockOf, DAY_MIN, dateOf, MINUTE_MS, type Frame } from './oracle-clock.ts'

/** For every minute of the frame whether some of it is busy. */
export function busyMinutes({ busy }: Subject, { firstMin, lengthMin }: Frame): Uint8Array {
  const taken = new Uint8Array(lengthMin)
  for (const time of busy) {
    const { fromMs, untilMs } = takenBy(time)
    const first = Math.max(0, Math.floor(fromMs / MINUTE_MS) - firstMin)
    for (let i = first; i < lengthMin && (firstMin + i) * MINUTE_MS < untilMs; i++) taken[i] = 1
  }
  return taken
}

/** A busy time with its buffers. */
export function takenBy({ startMs, endMs, bufferBeforeMin = 0, bufferAfterMin = 0 }: BusyTime) {
  return { fromMs: startMs - bufferBeforeMin * MINUTE_MS, untilMs: endMs + bufferAfterMin * MINUTE_MS }
}

/** What somebody needs before and after: the longer of what the requirement says and of what they need themselves. */
export function marginsFor(
  { bufferBeforeMin = 0, bufferAfterMin = 0 }: Need,
  { setUpMin = 0, cleanUpMin = 0 }: Subject,
) {
  return { beforeMin: Math.max(bufferBeforeMin, setUpMin), afterMin: Math.max(bufferAfterMin, cleanUpMin) }
}

/** What counts already in the period of a minute. */
export function usedIn({ rule, clock, counted }: CaseLimit, minute: number, frame: Frame) {
  const { dayAt } = clockOf(clock.timeZone, frame)
  const periodAt = (one: number) => periodOf(dayAt(one), rule.per, clock.weekStartsOn ?? 1)
  const period = periodAt(minute)
  const same = counted.filter(({ startMs }) => periodAt(Math.floor(startMs / MINUTE_MS)) === period)
  return { count: same.length, minutes: same.reduce((sum, one) => sum + one.minutes, 0) }
}

/** Whether nothing more of that length may start in a minute. */
export function isAtLimit(one: CaseLimit, minute: number, { lengthMin, frame }: { lengthMin: number; frame: Frame }) {
  const { count, minutes } = usedIn(one, minute, frame)
  const { maxCount, maxMinutes } = one.rule
  return (
    (maxCount !== undefined && count + 1 > maxCount) || (maxMinutes !== undefined && minutes + lengthMin > maxMinutes)
  )
}

/** The first date of the day, week or month of a date, which is given as its midnight. */
function periodOf(midnight: number, per: 'day' | 'week' | 'month', weekStartsOn: number): string {
  if (per === 'day') return dateOf(midnight)
  if (per === 'month') return dateOf(midnight).slice(0, 7)
  let first = midnight
  while ((new Date(first * MINUTE_MS).getUTCDay() || 7) !== weekStartsOn) first -= DAY_MIN
  return dateOf(first)
}

/** Who is free for a requirement and who of them can lead, as indexes of its subjects. */
export type Choice = {
  readonly need: Need
  readonly free: readonly number[]
  readonly leaders: readonly number[] | undefined
}

/**
 * All ways to fill the requirements of one segment: for each of them so many different ones who are free, with whoever
 * was chosen and somebody who leads, and nobody in two.
 */
export function waysToFill(choices: readonly Choice[]): number[][][] {
  let ways: number[][][] = [[]]
  for (const choice of choices) {
    const groups = subsetsOf(choice.free, choice.need.count).filter((group) => isValid(choice, group))
    ways = ways.flatMap((way) =>
      groups.filter((group) => !meets(choices, way, { choice, group })).map((group) => [...way, group]),
    )
  }
  return ways
}

/** The way that gives the first requirement the best, then the next: chosen, leader, and the others, by whose turn it is. */
export function bestWay(ask: Case, choices: readonly Choice[], ways: readonly number[][][]): number[][] | undefined {
  const ordered = ways.map((way) =>
    way.map((group, index) => {
      const choice = choices[index]
      return choice ? inOrder(ask, choice, group) : []
    }),
  )
  const placesOf = (way: number[][]) =>
    way.flatMap((group, index) => group.map((one) => rankOf(ask, choices[index]?.need).indexOf(one)))
  return ordered.sort((a, b) => compareLists(placesOf(a), placesOf(b)))[0]
}

function isValid({ need, leaders }: Choice, group: readonly number[]): boolean {
  const hasChosen = need.chosen === undefined || group.some((one) => need.chosen === chosenName(need, one))
  return hasChosen && (!leaders || group.some((one) => leaders.includes(one)))
}

/** Subjects are called s0, s1, ... in every case. */
function chosenName({ subjects }: Need, candidate: number): string {
  return `s${subjects[candidate] ?? -1}`
}

function meets(choices: readonly Choice[], way: number[][], { choice, group }: { choice: Choice; group: number[] }) {
  const taken = way.flatMap((others, index) => others.map((one) => choices[index]?.need.subjects[one]))
  return group.some((one) => taken.includes(choice.need.subjects[one]))
}

function inOrder(ask: Case, { need, leaders }: Choice, group: readonly number[]): number[] {
  const sorted = rankOf(ask, need).filter((one) => group.includes(one))
  const chosen = sorted.filter((one) => chosenName(need, one) === need.chosen)
  const isLed = !leaders || chosen.some((one) => leaders.includes(one))
  const leader = isLed ? [] : sorted.filter((one) => leaders.includes(one)).slice(0, 1)
  const first = [...chosen, ...leader]
  return [...first, ...sorted.filter((one) => !first.includes(one))]
}

/** Candidates in the order in which they are to be given work. */
function rankOf({ subjects }: Case, need: Need | undefined): number[] {
  const order = [...(need?.subjects.keys() ?? [])]
  if (need?.assign !== 'by_turn') return order
  const turn = (candidate: number) => subjects[need.subjects[candidate] ?? -1]?.turn ?? {}
  const keys = (candidate: number) => {
    const { priority = 0, weight = 1, load = 0, lastMs = -Infinity } = turn(candidate)
    return [-priority, load / weight, -weight, lastMs, candidate]
  }
  return order.sort((a, b) => compareLists(keys(a), keys(b)))
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1
}

function subsetsOf(all: readonly number[], size: number): number[][] {
  if (size === 0) return [[]]
  return all.flatMap((one, index) => subsetsOf(all.slice(index + 1), size - 1).map((rest) => [one, ...rest]))
}
