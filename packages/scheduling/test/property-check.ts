import { deepStrictEqual, ok } from 'node:assert/strict'
import { checkStart, publicReason, type Refusal } from '../src/index.ts'
import { queryOf, type Case } from './case.ts'
import { removeCauses } from './case-without.ts'
import { frameOf, MINUTE_MS } from './oracle-clock.ts'
import { assertTrue } from './oracle-refusals.ts'
import { offersOf, type Offer } from './oracle.ts'
import { worldOf, type World } from './oracle-world.ts'
import { rollOf } from './roll.ts'

/** A start can be booked exactly when the oracle offers it, and then by the same people. */
export function checksWhatTheOracleOffers(ask: Case, dice: number): void {
  const offers = offersOf(unbounded(ask))
  for (const startMs of someStarts(ask, offers, dice)) {
    const check = checkStart(queryOf(ask), startMs)
    const offer = offers.find((one) => one.startMs === startMs)
    deepStrictEqual(check.ok, offer !== undefined)
    if (!check.ok) continue
    const { free, assigned, sessions, seatsLeft } = check
    const told = {
      startMs,
      candidates: free.map((one) => [...one]),
      assigned,
      sessions: sessions.map(({ id }) => id),
      seatsLeft,
    }
    deepStrictEqual(told, offer)
  }
}

/** What is told against a start is true, and something always is. */
export function tellsTheTruth(ask: Case, dice: number): void {
  const world = worldOf(ask)
  for (const { startMs, refusals } of refusedStarts(ask, dice)) {
    ok(refusals.length > 0, 'a start is refused without a reason')
    if (startMs % MINUTE_MS === 0) for (const refusal of refusals) assertTrue(world, startMs, refusal)
  }
}

/** When all that is told is put right, and what then is told too, the start is offered. */
export function tellsEverything(ask: Case, dice: number): void {
  for (const { startMs } of refusedStarts(ask, dice)) {
    let better: Case | undefined = ask
    for (let round = 0; better; round++) {
      const check = checkStart(queryOf(better), startMs)
      if (check.ok) break
      ok(round < MOST_ROUNDS, `there is always something more: ${JSON.stringify(check.refusals)}`)
      better = removeCauses(better, startMs, check.refusals)
    }
  }
}

const MOST_ROUNDS = 12

/** The public is told one of the published words, whatever things are called and whatever keeps people busy. */
export function tellsThePublicNothing(ask: Case, dice: number): void {
  const renamed = withOtherNames(ask)
  for (const { startMs, refusals } of refusedStarts(ask, dice)) {
    const reason = publicReason(refusals)
    ok(PUBLISHED.includes(reason), reason)
    const check = checkStart(queryOf(renamed), startMs)
    deepStrictEqual(check.ok ? 'offered' : publicReason(check.refusals), reason)
  }
}

const PUBLISHED = [
  ...['past', 'notice', 'window', 'no_provider', 'full', 'limit', 'hours', 'steps', 'taken', 'resource', 'not_offered'],
]

const OTHER_KINDS = {
  booking: 'time_off',
  hold: 'external',
  time_off: 'booking',
  external: 'hold',
  unreadable: 'unreadable',
} as const

/** Other ids and names for everything, and other kinds of busy times. */
export function withOtherNames(ask: Case): Case {
  const renamed = (id: string) => `another ${id}`
  const named = <T extends { readonly name?: string }>(list: readonly T[] = []) =>
    list.map((one) => ({ ...one, name: 'Something else' }))
  return {
    ...ask,
    schedules: ask.schedules.map((one) => ({ ...one, holidays: named(one.holidays), closures: named(one.closures) })),
    subjects: ask.subjects.map((one) => ({
      ...one,
      id: renamed(one.id),
      busy: one.busy.map((time) => ({ ...time, id: 'something', kind: OTHER_KINDS[time.kind] })),
    })),
    segments: ask.segments.map((segment) => ({
      ...segment,
      needs: segment.needs.map((need) => ({
        ...need,
        ...(need.chosen !== undefined && { chosen: renamed(need.chosen) }),
      })),
    })),
    group: ask.group && {
      ...ask.group,
      sessions: ask.group.sessions.map((one) => ({
        ...one,
        id: renamed(one.id),
        candidateIds: one.candidateIds.map(renamed),
      })),
    },
  }
}

function refusedStarts(ask: Case, dice: number): { startMs: number; refusals: readonly Refusal[] }[] {
  return someStarts(ask, [], dice).flatMap((startMs) => {
    const check = checkStart(queryOf(ask), startMs)
    return check.ok ? [] : [{ startMs, refusals: check.refusals }]
  })
}

const unbounded = (ask: Case): Case => {
  const { firstMin, lengthMin } = frameOf(ask)
  return { ...ask, fromMs: firstMin * MINUTE_MS, toMs: (firstMin + lengthMin) * MINUTE_MS }
}

/** Starts that are offered, that are steps at least, any others, and one that is no whole minute. */
function someStarts(ask: Case, offers: readonly Offer[], dice: number): number[] {
  const roll = rollOf(dice)
  const world = worldOf(ask)
  const steps = likelyStarts(world)
  const pick = (list: readonly number[], count: number) =>
    list.length === 0 ? [] : Array.from({ length: count }, () => list[roll(list.length)] ?? 0)
  const { firstMin } = frameOf(ask)
  const any = () => (firstMin + 4 * 1440 + 5 * roll((5 * 1440) / 5)) * MINUTE_MS
  return [
    ...pick(
      offers.map(({ startMs }) => startMs),
      2,
    ),
    ...pick(steps, 3),
    ...pick(edgesOf(ask), 2),
    ...[any(), any(), any() + 1 + roll(59_999)],
  ]
}

/** Where one more minute makes a difference. */
function edgesOf({ nowMs, noticeMin, window }: Case): number[] {
  return [nowMs, nowMs + noticeMin * MINUTE_MS, ...(window ? [window.fromMs, window.untilMs, window.untilMs] : [])]
}

function likelyStarts({ ask, steps }: World): number[] {
  const minutes = [...new Set(steps.flatMap((all) => [...all]))]
  const sessions = (ask.group?.sessions ?? []).map(({ startMs }) => startMs)
  return [...minutes.map((minute) => minute * MINUTE_MS), ...sessions, ...sessions]
}
