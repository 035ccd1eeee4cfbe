/** Whether what the engine tells against a start is so, by what the oracle knows. */
import { deepStrictEqual, ok } from 'node:assert/strict'
import type { Absence, ClosedBecause, LimitUse, Refusal, Schedule } from '../src/index.ts'
import { needsOf, subjectOf, type Case, type CaseLimit, type Subject } from './case.ts'
import { MINUTE_MS } from './oracle-clock.ts'
import { isInOneOpening, plainDateAt, zoneOfSchedule } from './oracle-hours.ts'
import { isAtLimit, marginsFor, takenBy, usedIn } from './oracle-people.ts'
import { freeFor, isOpenFor, partsOf, waysIn, choicesAt, type Part, type World } from './oracle-world.ts'
import { offersOf } from './oracle.ts'

/** @throws {AssertionError} when a refusal of a start, which is a whole minute, is not true */
export function assertTrue(world: World, startMs: number, refusal: Refusal): void {
  const minute = startMs / MINUTE_MS
  switch (refusal.reason) {
    case 'service_closed':
      assertServiceClosed(world, minute, refusal.because)
      break
    case 'limit': {
      const whole = { minute, lengthMin: world.wholeMin }
      const known = world.ask.limits.filter(({ of }) => of === refusal.of)
      ok(
        known.some((one) => isUse(world, one, whole, refusal.limit)),
        'no such limit is reached',
      )
      break
    }
    case 'seats':
      assertSeats(world, startMs, refusal)
      break
    case 'not_enough':
      assertTooFew(world, minute, refusal)
      break
    case 'shared':
      assertShared(world, minute)
      break
    case 'steps':
      deepStrictEqual(world.leaders(minute), [], 'somebody can lead')
      break
    default:
      assertOutside(world.ask, startMs, refusal)
  }
}

export function isOffered(ask: Case, startMs: number): boolean {
  return offersOf({ ...ask, fromMs: startMs, toMs: startMs + 1 }).length > 0
}

function assertServiceClosed({ ask, service, wholeMin }: World, minute: number, because: ClosedBecause): void {
  ok(service && !isInOneOpening(service, minute, minute + wholeMin), 'the service is open')
  const during = { fromMs: minute * MINUTE_MS, toMs: (minute + wholeMin) * MINUTE_MS }
  assertBecause(ask.schedules[ask.service ?? -1], because, during)
}

/** Too soon, too late, or others were preferred. */
function assertOutside(ask: Case, startMs: number, refusal: Refusal): void {
  const earliestMs = ask.nowMs + ask.noticeMin * MINUTE_MS
  switch (refusal.reason) {
    case 'past':
      ok(startMs < ask.nowMs, 'it is to come')
      break
    case 'notice':
      deepStrictEqual(refusal.earliestMs, earliestMs)
      ok(ask.nowMs <= startMs && startMs < earliestMs, 'it is far enough ahead')
      break
    case 'window':
      deepStrictEqual({ fromMs: refusal.fromMs, untilMs: refusal.untilMs }, ask.window)
      ok(startMs < refusal.fromMs || startMs >= refusal.untilMs, 'it is in the window')
      break
    case 'gap':
      ok(ask.usefulMin !== undefined, 'nothing is packed')
      ok(isOffered({ ...ask, usefulMin: undefined, firstOfDayIn: undefined }, startMs), 'it is not free either')
      break
    case 'not_first':
      assertNotFirst(ask, startMs, refusal.firstMs)
      break
    default:
      throw new Error(`${refusal.reason} is told of a series only`)
  }
}

function assertSeats({ ask, wholeMin }: World, startMs: number, refusal: Extract<Refusal, { reason: 'seats' }>) {
  const chosen = needsOf(ask)[0]?.chosen
  const endMs = startMs + wholeMin * MINUTE_MS
  const here = (ask.group?.sessions ?? []).filter(
    (one) =>
      one.startMs === startMs && one.endMs === endMs && (chosen === undefined || one.candidateIds.includes(chosen)),
  )
  const left = here.length > 0 ? Math.max(...here.map(({ seatsLeft }) => seatsLeft)) : ask.group?.capacity
  deepStrictEqual(refusal, { reason: 'seats', wanted: ask.group?.seats, left })
  ok(refusal.left < refusal.wanted, 'there are seats enough')
}

function assertTooFew(world: World, minute: number, refusal: Extract<Refusal, { reason: 'not_enough' }>): void {
  const part = partsOf(world.ask)[refusal.requirement]
  ok(part, 'there is no such requirement')
  const { need } = part
  const isLed = refusal.requirement === 0 && need.count === 1 && world.steps.some((steps) => steps.has(minute))
  const free = isLed ? world.leaders(minute) : freeFor(world, part, minute)
  const idsOf = (candidates: readonly number[]) =>
    candidates.map((candidate) => subjectOf(world.ask, need.subjects[candidate] ?? -1).id)
  deepStrictEqual([refusal.kind, refusal.needed, refusal.free], [need.kind, need.count, free.length])
  const isChosenFree = need.chosen === undefined || idsOf(free).includes(need.chosen)
  ok(free.length < need.count || !isChosenFree, 'enough are free')
  const missing = idsOf([...need.subjects.keys()].filter((one) => !free.includes(one)))
  const isAsked = (id: string) =>
    need.chosen === undefined || id === need.chosen || (free.length < need.count && need.count > 1)
  deepStrictEqual(
    refusal.absent.map(({ id }) => id),
    missing.filter(isAsked),
  )
  for (const { id, causes } of refusal.absent) {
    const subject = world.ask.subjects.find((one) => one.id === id)
    ok(subject && causes.length > 0, 'nobody is absent without a cause')
    for (const cause of causes) assertCause(world, { subject, part, minute }, cause)
    assertAllBusy({ subject, part, minute }, causes)
  }
}

type Where = { subject: Subject; part: Part; minute: number }

function assertCause(world: World, where: Where, cause: Absence): void {
  const { subject, part, minute } = where
  const first = minute + part.offsetMin
  if (cause.cause === 'closed') {
    ok(!isOpenFor(world, subject, part, minute), 'it is open')
    const during = { fromMs: first * MINUTE_MS, toMs: (first + part.lengthMin) * MINUTE_MS }
    assertBecause(world.ask.schedules[subject.schedule ?? -1], cause.because, during)
  } else if (cause.cause === 'limit') {
    const own = { minute: first, lengthMin: part.lengthMin }
    ok(
      subject.limits?.some((one) => isUse(world, one, own, cause.limit)),
      'no such limit is reached',
    )
  } else if (cause.cause === 'steps') {
    ok(
      freeFor(world, part, minute).some((one) => part.need.subjects[one] === world.ask.subjects.indexOf(subject)) ||
        isPassedOver(part, subject),
      'somebody is not free',
    )
    ok(
      !world.leaders(minute).some((one) => part.need.subjects[one] === world.ask.subjects.indexOf(subject)),
      'it is a step',
    )
  } else if (!cause.busy) {
    ok(subject.extentOnly, 'what is busy is known')
    ok(meets(where, subject.busy).length > 0, 'nothing is busy')
  } else {
    ok(!subject.extentOnly && subject.busy.includes(cause.busy), 'there is no such busy time')
    const { startMs, endMs, kind } = cause.busy
    const isMet = startMs < (first + part.lengthMin) * MINUTE_MS && first * MINUTE_MS < endMs
    deepStrictEqual(cause.cause, kind === 'unreadable' ? kind : isMet ? 'busy' : 'buffer')
  }
}

/** Beside the one who was chosen nobody else serves alone, and so is not free. */
function isPassedOver({ need }: Part, { id }: Subject): boolean {
  return need.count === 1 && need.chosen !== undefined && need.chosen !== id
}

/** Every busy time in the way is named, none twice, and no other. */
function assertAllBusy(where: Where, causes: readonly Absence[]): void {
  const told = causes.flatMap((one) => ('busy' in one && one.busy ? [one.busy] : []))
  if (!where.subject.extentOnly) deepStrictEqual(told, meets(where, where.subject.busy))
}

function meets({ subject, part, minute }: Where, busy: Subject['busy']): Subject['busy'] {
  const { beforeMin, afterMin } = marginsFor(part.need, subject)
  const fromMs = (minute + part.offsetMin - beforeMin) * MINUTE_MS
  const toMs = (minute + part.offsetMin + part.lengthMin + afterMin) * MINUTE_MS
  return busy.filter((time) => takenBy(time).fromMs < toMs && fromMs < takenBy(time).untilMs)
}

function isUse({ frame }: World, one: CaseLimit, at: { minute: number; lengthMin: number }, use: LimitUse): boolean {
  const { count, minutes } = usedIn(one, at.minute, frame)
  const isSame = JSON.stringify([use.rule, use.count, use.minutes]) === JSON.stringify([one.rule, count, minutes])
  return isSame && isAtLimit(one, at.minute, { lengthMin: at.lengthMin, frame })
}

/** What is told must decide about the date of the beginning or of the end; the plain week only where nothing else does. */
function assertBecause(
  schedule: Schedule | undefined,
  because: ClosedBecause,
  during: { fromMs: number; toMs: number },
) {
  ok(schedule, 'there is no schedule')
  const zone = zoneOfSchedule(schedule, during.fromMs)
  const dates = [plainDateAt(during.fromMs, zone), plainDateAt(during.toMs - 1, zone)]
  const causes = dates.map((date) => decisionOn(schedule, date))
  const special = causes.filter(({ kind }) => kind !== 'weekly_hours')
  deepStrictEqual(because, special[0] ?? { kind: 'weekly_hours' })
}

function decisionOn(schedule: Schedule, date: string): ClosedBecause {
  const closure = schedule.closures?.find(({ fromDate, toDate }) => fromDate <= date && date <= toDate)
  if (closure) return { kind: 'closure', ...closure }
  const override = schedule.overrides?.find((one) => one.date === date)
  if (override) return { kind: 'override', date }
  const holiday = schedule.holidays?.find((one) => one.date === date)
  return holiday ? { kind: 'holiday', ...holiday } : { kind: 'weekly_hours' }
}

function assertShared(world: World, minute: number): void {
  const choices = choicesAt(world, minute)
  ok(
    choices.some((ofSegment, segment) => waysIn(world, segment, ofSegment).length === 0),
    'all can be served',
  )
  for (const choice of choices.flat()) {
    const alone = waysIn({ ...world, ways: new Map() }, 0, [choice])
    ok(alone.length > 0, 'some requirement cannot be met by itself')
  }
}

function assertNotFirst(ask: Case, startMs: number, firstMs: number | undefined): void {
  const zone = ask.firstOfDayIn
  ok(zone !== undefined, 'not only the first of a day is offered')
  ok(isOffered({ ...ask, firstOfDayIn: undefined }, startMs), 'it is not free either')
  ok(firstMs !== undefined && firstMs < startMs && isOffered(ask, firstMs), 'there is no other first')
  deepStrictEqual(plainDateAt(firstMs, zone), plainDateAt(startMs, zone))
}
