import {
  busySpans,
  busyTimes,
  limit,
  NEVER_BUSY,
  union,
  type Busy,
  type Candidate,
  type Counted,
  type LimitRule,
  type Requirement,
  type Session,
  type SlotQuery,
  type Turn,
} from '@slotkeeper/scheduling'
import type { OfferRequirement, OfferSubject } from '../services/services.schemas.ts'
import type { LimitRule as LimitView } from '../shared/schemas.ts'
import type { SubjectLoad } from './loads.rules.ts'
import type { Offer } from './offer.rules.ts'

const MINUTE_MS = 60_000

/** What is asked for, apart from when. */
export type SlotAsk = { lengthMin: number; seats: number; providerId: string | undefined }

/** What is known of what was booked. */
export type Taken = {
  /** by subject */
  loads: Map<string, SubjectLoad>
  /** what counts against the limits of the service and of the customer */
  counted?: { service: Counted[]; customer: Counted[] | undefined; untilMs: number } | undefined
  /** what decides whose turn it is, by requirement and subject */
  turns?: Map<string, Pick<Turn, 'load' | 'lastMs'>>[] | undefined
}

/** @property isAlone  whoever was chosen is the only candidate of their requirement, instead of one beside the others */
type QueryAsk = SlotAsk & { nowMs: number; fromMs: number; toMs: number; isAlone?: boolean }

/** The engine's question: the rules of the service over what is taken now. */
export function slotQuery(offer: Offer, taken: Taken, ask: QueryAsk): SlotQuery {
  const { service, window, timeZone } = offer
  const { fromMs, toMs, nowMs, seats } = ask
  const serviceHours = service.scheduleId === null ? undefined : offer.hours.get(service.scheduleId)
  const { stepMin: everyMin, stepOffsetMin: offsetMin, stepFrom: from, usefulGapMin: usefulMin } = service
  return {
    ...{ fromMs, toMs, nowMs, window, noticeMin: service.noticeMin, steps: { everyMin, offsetMin, from } },
    ...(serviceHours && { serviceHours }),
    segments: segmentsOf(offer, taken, ask),
    limits: serviceLimits(offer, taken),
    ...((service.capacity > 1 || seats > 1) && {
      group: { capacity: service.capacity, seats, sessions: sessionsOf(offer, taken, ask.providerId) },
    }),
    ...(usefulMin !== null && { packed: { usefulMin } }),
    ...(service.firstOfDay && { firstOfDay: { timeZone } }),
  }
}

/** Lengths of the segments of an appointment, in minutes. */
function segmentLengths({ service }: Offer, lengthMin: number): number[] {
  return service.segmentsMin.length > 0 ? service.segmentsMin : [lengthMin]
}

function segmentsOf(offer: Offer, taken: Taken, ask: QueryAsk): SlotQuery['segments'] {
  const { lengthMin, providerId, isAlone = false } = ask
  const { requirements } = offer.service
  const choice = choiceOf(requirements, providerId)
  return segmentLengths(offer, lengthMin).map((length, segment) => ({
    lengthMin: length,
    requirements: requirements.flatMap((requirement, index) =>
      requirement.segment === segment
        ? [
            toRequirement(offer, taken, {
              requirement,
              index,
              isAlone,
              chosen: index === choice ? providerId : undefined,
            }),
          ]
        : [],
    ),
  }))
}

/**
 * The requirement that whoever was chosen is to meet: of those that name them, the one that leaves the least choice, which
 * they may meet in any case.
 */
function choiceOf(requirements: OfferRequirement[], providerId: string | undefined): number {
  const freedom = ({ count, subjects }: OfferRequirement) => subjects.length - count
  const named = requirements.filter(({ subjects }) => subjects.some(({ id }) => id === providerId))
  const [tightest] = named.sort((a, b) => freedom(a) - freedom(b))
  return tightest ? requirements.indexOf(tightest) : -1
}

type Asked = { requirement: OfferRequirement; index: number; isAlone: boolean; chosen: string | undefined }

function toRequirement(offer: Offer, taken: Taken, { requirement, index, isAlone, chosen }: Asked): Requirement {
  const { kind, count, assign } = requirement
  const subjects =
    isAlone && chosen !== undefined ? requirement.subjects.filter(({ id }) => id === chosen) : requirement.subjects
  return {
    ...{ kind, count, assign, ...bufferOf(offer, requirement) },
    candidates: subjects.flatMap((subject) => candidatesOf(offer, taken, { kind, subject, index })),
    ...(chosen !== undefined && { chosen }),
  }
}

/** The buffer before goes with the first segment, the one after with the last. */
function bufferOf({ service }: Offer, { segment }: OfferRequirement) {
  const last = Math.max(0, service.segmentsMin.length - 1)
  return {
    bufferBeforeMin: segment === 0 ? service.bufferBeforeMin : 0,
    bufferAfterMin: segment === last ? service.bufferAfterMin : 0,
  }
}

type Named = { kind: OfferRequirement['kind']; subject: OfferSubject; index: number }

/** A person is one candidate; a thing is one for each unit. Whoever should have a schedule and has none cannot serve. */
function candidatesOf(offer: Offer, taken: Taken, { kind, subject, index }: Named): Candidate[] {
  const { id, quantity, setUpMin, cleanUpMin, scheduleId, weight, priority } = subject
  const hours = scheduleId === null ? undefined : offer.hours.get(scheduleId)
  if (!hours && (kind === 'provider' || scheduleId !== null)) return []
  const load = taken.loads.get(id)
  const limits = (subject.limits ?? []).map((rule) => limitOf(offer, rule, load?.counted ?? []))
  const turn = { weight, priority, ...taken.turns?.[index]?.get(id) }
  return Array.from({ length: quantity }, (_, unit) => ({
    ...{ id: candidateId({ subjectId: id, unit: unit + 1 }), setUpMin, cleanUpMin, turn },
    busy: bothBusy(load?.units[unit], offer.timeOff.get(id)),
    ...(hours && { hours }),
    ...(limits.length > 0 && { limits }),
  }))
}

/** What was booked and the time off together; with causes where those of what was booked are known. */
function bothBusy(booked: Busy = NEVER_BUSY, off: Busy | undefined): Busy {
  if (!off) return booked
  if (booked === NEVER_BUSY) return off
  if (booked.times && off.times) return busyTimes([...booked.times, ...off.times])
  return busySpans(union(booked.spans, off.spans))
}

/** A person, or one unit of a thing. */
export type Taker = { subjectId: string; unit: number }

function candidateId({ subjectId, unit }: Taker): string {
  return unit === 1 ? subjectId : `${subjectId} ${unit}`
}

/** Whom or what the engine's candidate stands for. */
export function takerOf(id: string): Taker {
  const [subjectId = '', unit = '1'] = id.split(' ')
  return { subjectId, unit: Number(unit) }
}

function serviceLimits(offer: Offer, { counted }: Taken): NonNullable<SlotQuery['limits']> {
  return offer.service.limits.flatMap(({ of, ...rule }) => {
    const known = of === 'service' ? (counted?.service ?? []) : counted?.customer
    // Whose limit it is, is not known before somebody books.
    return known ? [{ of, limit: limitOf(offer, rule, known) }] : []
  })
}

function limitOf({ timeZone }: Offer, rule: LimitView, counted: Counted[]) {
  return limit(toLimitRule(rule), { timeZone }, counted)
}

function toLimitRule({ per, maxCount, maxMinutes }: LimitView): LimitRule {
  if (maxCount === undefined) return { per, maxMinutes: maxMinutes ?? 0 }
  return { per, maxCount, ...(maxMinutes !== undefined && { maxMinutes }) }
}

/** Open sessions of this very service, each with everybody who has it, its host first; with whoever was chosen only. */
function sessionsOf(offer: Offer, { loads }: Taken, chosen: string | undefined): Session[] {
  const { service, providers } = offer
  const byId = new Map<string, Session & { candidateIds: string[] }>()
  for (const { id } of providers) {
    for (const { serviceId, providerId, ...session } of loads.get(id)?.sessions ?? []) {
      // One whose host serves it no longer, or is off by now, takes nobody else.
      if (serviceId !== service.id || !providers.some((one) => one.id === providerId)) continue
      if (isOff(offer, providerId, session)) continue
      const known = byId.get(session.id) ?? { ...session, candidateIds: [providerId] }
      if (id !== providerId) known.candidateIds.push(id)
      byId.set(session.id, known)
    }
  }
  return [...byId.values()].filter(({ candidateIds }) => chosen === undefined || candidateIds.includes(chosen))
}

function isOff({ timeOff }: Offer, id: string, { startMs, endMs }: { startMs: number; endMs: number }): boolean {
  return timeOff.get(id)?.times?.some((off) => off.startMs < endMs && startMs < off.endMs) ?? false
}

/** What an appointment takes of one person or unit, buffers included. */
export type Take = Taker & { startMs: number; endMs: number; beforeMin: number; afterMin: number }

/**
 * What an appointment takes of everybody who is to serve it. Whoever serves in several segments that meet is taken once,
 * for all of them.
 * @param assigned  for every requirement of the query, in the order of its segments, indexes of candidates
 */
export function takesOf(query: SlotQuery, startMs: number, assigned: readonly (readonly number[])[]): Take[] {
  const takes: Take[] = []
  let fromMs = startMs
  let index = 0
  for (const { lengthMin, requirements } of query.segments) {
    const toMs = fromMs + lengthMin * MINUTE_MS
    for (const requirement of requirements) {
      for (const at of assigned[index] ?? []) {
        const candidate = requirement.candidates[at]
        if (candidate) addTake(takes, takeOf(requirement, candidate, { fromMs, toMs }))
      }
      index++
    }
    fromMs = toMs
  }
  return takes
}

function takeOf(
  requirement: Requirement,
  candidate: Candidate,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Take {
  const beforeMin = Math.max(requirement.bufferBeforeMin ?? 0, candidate.setUpMin ?? 0)
  const afterMin = Math.max(requirement.bufferAfterMin ?? 0, candidate.cleanUpMin ?? 0)
  return {
    ...{ ...takerOf(candidate.id), beforeMin, afterMin },
    startMs: fromMs - beforeMin * MINUTE_MS,
    endMs: toMs + afterMin * MINUTE_MS,
  }
}

/** Adds a take, or stretches the one of the same person or unit that it meets. */
function addTake(takes: Take[], take: Take): void {
  const met = takes.findIndex(
    ({ subjectId, unit, startMs, endMs }) =>
      subjectId === take.subjectId && unit === take.unit && startMs <= take.endMs && take.startMs <= endMs,
  )
  const known = takes[met]
  if (known) takes[met] = { ...known, endMs: Math.max(known.endMs, take.endMs), afterMin: take.afterMin }
  else takes.push(take)
}
