import {
  bookingWindow,
  busyTimes,
  expandSchedule,
  localDateOf,
  startOfDateMs,
  type BookingWindowRule,
  type Busy,
  type BusyTime,
  type OpenHours,
  type Schedule,
} from '@slotkeeper/scheduling'
import type { OfferRequirement, OfferSubject, ServiceOffer } from '../services/services.schemas.ts'
import { shiftDate } from './availability.rules.ts'

/** A service with all that its free times depend on besides what is claimed, expanded to the days it can be booked. */
export type Offer = {
  configVersion: number
  organization: { slug: string; name: string; timeZone: string; locale: string; accent: string }
  service: ServiceOffer
  /** everybody who can serve it, in the order in which the business shows them */
  providers: OfferSubject[]
  /** zone in which the booking window and limits count their days */
  timeZone: string
  /** local date, in that zone, for which the hours were expanded */
  today: string
  /** when `today` ends and the window moves on, epoch ms */
  todayEndMs: number
  window: { fromMs: number; untilMs: number }
  /** by the id of the schedule */
  hours: Map<string, OpenHours>
  /** when people and things are off, over the booking window, by their ids; nothing of those who never are */
  timeOff: Map<string, Busy>
  /** everybody and everything a booking may claim */
  subjectIds: string[]
  traits: OfferTraits
}

/** What finding out whether a time is free takes, besides what is claimed around it. */
export type OfferTraits = {
  /** somebody's or something's limit counts what is booked all month */
  isLimited: boolean
  /** a limit of those who serve */
  limitsProviders: boolean
  /** whose turn it is must be counted */
  takesTurns: boolean
  /** a start is offered only beside others */
  compares: boolean
}

export type OfferParts = {
  organization: Offer['organization'] & { configVersion: number }
  service: ServiceOffer
  schedules: Map<string, Schedule>
}

/** Days around the booking window for which hours are expanded too: zones and nights reach over. */
const MARGIN_DAYS = 2

/** Expands the hours of a service and of those who serve it, from before today to the end of its booking window. */
export function expandOffer({ organization, service, schedules }: OfferParts, nowMs: number): Offer {
  const { configVersion, ...facts } = organization
  const { timeZone } = facts
  const today = localDateOf(nowMs, timeZone)
  const window = bookingWindow(windowRule(service, schedules), nowMs, timeZone)
  const from = shiftDate(localDateOf(Math.max(nowMs, window.fromMs), timeZone), -MARGIN_DAYS)
  const to = shiftDate(localDateOf(Math.max(nowMs, window.untilMs), timeZone), MARGIN_DAYS)
  const subjects = uniqueSubjects(service.requirements)
  return {
    configVersion,
    organization: facts,
    service,
    providers: uniqueSubjects(service.requirements.filter(({ kind }) => kind === 'provider')),
    timeZone,
    today,
    todayEndMs: startOfDateMs(shiftDate(today, 1), timeZone),
    window,
    hours: new Map([...schedules].map(([id, schedule]) => [id, expandSchedule(schedule, from, to)])),
    timeOff: new Map(),
    subjectIds: subjects.map(({ id }) => id),
    traits: traitsOf(service),
  }
}

/** The offer without the time off of those who serve. */
export function withTimeOff(offer: Offer, timeOff: ReadonlyMap<string, BusyTime[]>): Offer {
  return { ...offer, timeOff: new Map([...timeOff].map(([id, times]) => [id, busyTimes(times)])) }
}

/** The schedules that a service and those who serve it keep, each once. */
export function scheduleIdsOf({ scheduleId, requirements }: ServiceOffer): string[] {
  const own = uniqueSubjects(requirements).map((subject) => subject.scheduleId)
  return [...new Set([scheduleId, ...own].filter((id) => id !== null))]
}

function traitsOf({ requirements, limits, usefulGapMin, firstOfDay }: ServiceOffer): OfferTraits {
  const limitsProviders = requirements.some(({ subjects }) => subjects.some((one) => (one.limits ?? []).length > 0))
  return {
    limitsProviders,
    isLimited: limitsProviders || limits.length > 0,
    takesTurns: requirements.some(({ assign, subjects }) => assign === 'by_turn' && subjects.length > 1),
    compares: usefulGapMin !== null || firstOfDay,
  }
}

/** Business is done on the weekdays on which the service, or whoever leads it, is open. */
function windowRule(service: ServiceOffer, schedules: Map<string, Schedule>): BookingWindowRule {
  const { windowKind, windowDays: days, windowFrom, windowTo } = service
  if (windowKind === 'range' && windowFrom !== null && windowTo !== null)
    return { kind: 'range', fromDate: windowFrom, toDate: windowTo }
  const leading = service.scheduleId ?? service.requirements[0]?.subjects[0]?.scheduleId
  const schedule = schedules.get(leading ?? '')
  const weekdays = [...new Set(schedule?.weekly.map(({ weekday }) => weekday))]
  if (windowKind !== 'business_days' || weekdays.length === 0) return { kind: 'days', days }
  return { kind: 'business_days', days, weekdays, holidays: (schedule?.holidays ?? []).map(({ date }) => date) }
}

function uniqueSubjects(requirements: OfferRequirement[]): OfferSubject[] {
  const byId = new Map(requirements.flatMap(({ subjects }) => subjects.map((subject) => [subject.id, subject])))
  return [...byId.values()]
}
