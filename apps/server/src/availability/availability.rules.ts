import {
  bookingWindow,
  busySpans,
  expandSchedule,
  localDateOf,
  localTimes,
  NEVER_BUSY,
  startOfDateMs,
  type Busy,
  type OpenHours,
  type Requirement,
  type Schedule,
  type Session,
  type SlotQuery,
  type Slots,
} from '@slotkeeper/scheduling'
import type { ServiceOffer } from '../services/services.schemas.ts'
import { invalidField } from '../shared/app-error.ts'
import { isCalendarDate, parseInstantMs } from '../shared/clock.ts'

const DAY_MS = 86_400_000

/** A service with all that its free times depend on besides what is claimed, expanded to the days it can be booked. */
export type Offer = {
  configVersion: number
  organization: { slug: string; name: string; timeZone: string; locale: string; accent: string }
  service: ServiceOffer
  /** zone in which the booking window counts its days */
  timeZone: string
  /** local date, in that zone, for which the hours were expanded */
  today: string
  /** when `today` ends and the window moves on, epoch ms */
  todayEndMs: number
  window: { fromMs: number; untilMs: number }
  /** provider id to hours */
  hours: Map<string, OpenHours>
  serviceHours: OpenHours | undefined
  /** everybody and everything a booking may claim */
  subjectIds: string[]
}

export type OfferParts = {
  organization: Offer['organization'] & { configVersion: number }
  service: ServiceOffer
  schedules: Map<string, Schedule>
}

/** Expands the hours of a service and of those who serve it, from yesterday to the end of its booking window. */
export function expandOffer({ organization, service, schedules }: OfferParts, nowMs: number): Offer {
  const { configVersion, ...facts } = organization
  const { timeZone } = facts
  const today = localDateOf(nowMs, timeZone)
  const from = shiftDate(today, -2)
  const to = shiftDate(today, service.windowDays + 2)
  const expanded = new Map<string, OpenHours>()
  for (const [id, schedule] of schedules) expanded.set(id, expandSchedule(schedule, from, to))
  const hours = new Map<string, OpenHours>()
  for (const { id, scheduleId } of service.providers) {
    const open = expanded.get(scheduleId)
    if (open) hours.set(id, open)
  }
  return {
    configVersion,
    organization: facts,
    service,
    timeZone,
    today,
    todayEndMs: startOfDateMs(shiftDate(today, 1), timeZone),
    window: bookingWindow({ kind: 'days', days: service.windowDays }, nowMs, timeZone),
    hours,
    serviceHours: service.scheduleId ? expanded.get(service.scheduleId) : undefined,
    subjectIds: [...service.providers, ...service.resources].map(({ id }) => id),
  }
}

/** What is taken of one subject: busy times by unit, and its group sessions. */
export type SubjectLoad = {
  /** index 0 is unit 1 */
  units: Busy[]
  sessions: ServiceSession[]
  /** from then on it must be read again, epoch ms: a hold expires */
  untilMs: number
}

/** A group session, and the service that it is of. */
export type ServiceSession = Omit<Session, 'candidateIds'> & { serviceId: string }

type Claimed = {
  unit: number
  startMs: number
  endMs: number
  untilMs: number | undefined
  session: ServiceSession | undefined
}

/** Sorts the claims of one subject into what the engine takes. */
export function toLoad(claims: Claimed[]): SubjectLoad {
  const flat: (number[] | undefined)[] = []
  const sessions: ServiceSession[] = []
  let untilMs = Infinity
  for (const { unit, startMs, endMs, untilMs: until, session } of claims) {
    ;(flat[unit - 1] ??= []).push(startMs, endMs)
    if (session) sessions.push(session)
    if (until !== undefined && until < untilMs) untilMs = until
  }
  return { units: Array.from(flat, (pairs) => busySpans(pairs ?? [])), sessions, untilMs }
}

/** What is asked for, apart from when. */
export type SlotAsk = { lengthMin: number; seats: number; providerId: string | undefined }

/** The engine's question: the rules of the service over what is taken now. */
export function slotQuery(
  offer: Offer,
  loads: Map<string, SubjectLoad>,
  ask: SlotAsk & { nowMs: number; fromMs: number; toMs: number },
): SlotQuery {
  const { service, serviceHours, window } = offer
  const { fromMs, toMs, nowMs, lengthMin, seats } = ask
  return {
    ...{ fromMs, toMs, nowMs, window, noticeMin: service.noticeMin, steps: { everyMin: service.stepMin } },
    ...(serviceHours && { serviceHours }),
    segments: [{ lengthMin, requirements: requirementsOf(offer, loads, ask) }],
    ...((service.capacity > 1 || seats > 1) && {
      group: { capacity: service.capacity, seats, sessions: sessionsOf(offer, loads) },
    }),
  }
}

function requirementsOf(offer: Offer, loads: Map<string, SubjectLoad>, { providerId }: SlotAsk): Requirement[] {
  const { providers, resources, bufferBeforeMin, bufferAfterMin } = offer.service
  const busyOf = (id: string, unit: number) => loads.get(id)?.units[unit - 1] ?? NEVER_BUSY
  const people = providers.flatMap(({ id }) => {
    const hours = offer.hours.get(id)
    return hours ? [{ id, hours, busy: busyOf(id, 1) }] : []
  })
  const common = { count: 1, bufferBeforeMin, bufferAfterMin }
  const needs: Requirement[] = [
    { kind: 'provider', ...common, candidates: people, ...(providerId !== undefined && { chosen: providerId }) },
  ]
  if (resources.length === 0) return needs
  const units = resourceUnits(offer).map(({ id, unit }) => ({ id: `${id} ${unit}`, busy: busyOf(id, unit) }))
  return [...needs, { kind: 'resource', ...common, candidates: units }]
}

function sessionsOf({ service }: Offer, loads: Map<string, SubjectLoad>): Session[] {
  return service.providers.flatMap(({ id }) =>
    (loads.get(id)?.sessions ?? [])
      .filter(({ serviceId }) => serviceId === service.id)
      .map((session) => ({ ...session, candidateIds: [id] })),
  )
}

/** Whoever was asked for, or everybody. */
export function askedProviders({ service }: Offer, providerId: string | undefined) {
  return providerId === undefined ? service.providers : service.providers.filter(({ id }) => id === providerId)
}

/** Every unit of every resource that could serve, in the order in which the engine is asked about them. */
export function resourceUnits({ service }: Offer): { id: string; unit: number }[] {
  return service.resources.flatMap(({ id, quantity }) =>
    Array.from({ length: quantity }, (_, index) => ({ id, unit: index + 1 })),
  )
}

/** The longest range of days that is answered at once. */
export const MAX_DAYS = 62

/**
 * The half-open range of starts between two texts: local dates (both inclusive) or instants.
 * @throws {AppError} request.invalid when a text is neither, the order is wrong, or the range is too long
 */
export function parseRange(from: string, to: string, timeZone: string): { fromMs: number; toMs: number } {
  const fromMs = parseBound('from', from, timeZone, 0)
  const toMs = parseBound('to', to, timeZone, 1)
  const areDates = from.length === 10 && to.length === 10
  if (toMs < fromMs || (areDates && to < from)) throw invalidField('to', 'The end of the range is before its start.')
  if (toMs - fromMs > (MAX_DAYS + 0.5) * DAY_MS) throw invalidField('to', `Ask for at most ${MAX_DAYS} days at once.`)
  return { fromMs, toMs }
}

function parseBound(field: string, text: string, timeZone: string, plusDays: number): number {
  const isLocal = text.length === 10
  const ms = isLocal ? dateBound(text, timeZone, plusDays) : parseInstantMs(text)
  if (ms === undefined) {
    throw invalidField(field, 'Give a date (2026-03-29) or an instant with its offset (2026-03-29T09:00:00+02:00).')
  }
  return ms
}

function dateBound(date: string, timeZone: string, plusDays: number): number | undefined {
  const year = Number(date.slice(0, 4))
  if (!isCalendarDate(date) || year < 2000 || year > 2100) return undefined
  return startOfDateMs(shiftDate(date, plusDays), timeZone)
}

/** @throws {RangeError} when the date does not exist */
function shiftDate(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/**
 * The canonical name of a time zone.
 * @throws {AppError} request.invalid for a zone that is unknown, or is a mere offset
 */
export function checkTimeZone(timeZone: string): string {
  try {
    if (/^[A-Za-z]/.test(timeZone)) {
      Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
      return timeZone
    }
  } catch {
    // The engine of time says no; so do we, below, in our own words.
  }
  throw invalidField('timeZone', 'This time zone is not known. Use an IANA name such as Europe/Berlin.')
}

/** The slots as the API tells them: JSON text, grouped by local date in the asker's zone. */
export function slotsJson(
  slots: Slots,
  providerIds: string[],
  format: { timeZone: string; grouped: boolean; next?: string | null },
): string {
  const { timeZone, grouped, next } = format
  const starts = slots.startsMs
  const startTimes = localTimes(starts, timeZone)
  const ends = starts.map((startMs) => startMs + slots.lengthMs)
  const endTimes = localTimes(ends, timeZone)
  const who = providerLists(providerIds)
  const days: string[] = startTimes.dates.map(() => '')
  for (let i = 0; i < starts.length; i++) {
    const day = startTimes.dateIndex[i] ?? 0
    const start = localText(starts[i] ?? 0, startTimes.offsetMin[i] ?? 0)
    const end = localText(ends[i] ?? 0, endTimes.offsetMin[i] ?? 0)
    const seats = grouped ? `,"seatsLeft":${slots.seatsLeftAt(i)}` : ''
    const slot = `{"start":"${start}","end":"${end}","providers":${who(slots.candidatesAt(i))}${seats}}`
    const before = days[day]
    days[day] = before ? `${before},${slot}` : slot
  }
  const list = startTimes.dates.map((date, index) => `{"date":"${date}","slots":[${days[index] ?? ''}]}`)
  const after = next === undefined ? '' : `,"next":${JSON.stringify(next)}`
  return `{"timeZone":${JSON.stringify(timeZone)},"days":[${list.join(',')}]${after}}`
}

/** Writes lists of providers. The engine gives starts with the same providers the same list, which is written once. */
function providerLists(ids: string[]) {
  const written = new Map<readonly number[], string>()
  return (indexes: readonly number[]): string => {
    let text = written.get(indexes)
    if (text === undefined) {
      text = JSON.stringify(indexes.map((index) => ids[index]))
      written.set(indexes, text)
    }
    return text
  }
}

/** RFC 3339 with the offset of the place. */
export function localText(instantMs: number, offsetMin: number): string {
  const local = new Date(instantMs + offsetMin * 60_000).toISOString().slice(0, 19)
  const minutes = Math.abs(offsetMin)
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${local}${offsetMin < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
