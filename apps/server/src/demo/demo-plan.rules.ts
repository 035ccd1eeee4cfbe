import {
  DEMO_CUSTOMERS,
  DEMO_OVERRIDES,
  DEMO_PROVIDERS,
  DEMO_SERVICES,
  type ProviderKey,
  type ServiceKey,
  YOGA_HOURS,
} from './demo-business.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** How far the calendar is filled around today. */
const DAYS_BACK = 7
const DAYS_AHEAD = 13

/** Nobody but the class is booked in the evening. */
const EVENING_MIN = 1020

export type PlannedBooking = {
  service: ServiceKey
  provider: ProviderKey
  /** index into the customers */
  customer: number
  startMs: number
  endMs: number
  /** with buffers */
  claim: { startMs: number; endMs: number }
  /** unit of the room, where one is needed */
  roomUnit: number | undefined
  state: 'confirmed' | 'cancelled' | 'completed' | 'no_show'
  createdMs: number
  seats: number
}

/** What each provider is booked for, in turn. */
const TURNS: Record<ProviderKey, ServiceKey[]> = {
  clara: ['consultation', 'consultation', 'video-follow-up'],
  samir: ['consultation', 'physiotherapy'],
  jonas: ['physiotherapy', 'physiotherapy', 'consultation'],
  maya: ['video-follow-up'],
}

/** Two therapists, two rooms: each has their own. */
const ROOM_UNITS: Partial<Record<ProviderKey, number>> = { jonas: 1, samir: 2 }

/** The dates on which Clara's hours differ, counted in working days from today. */
export function demoOverrides(nowMs: number): { date: string; windows: { startMin: number; endMin: number }[] }[] {
  const today = dateIn(nowMs, DEMO_PROVIDERS.clara.timeZone)
  const workingDays = Array.from({ length: 14 }, (_, index) => today.add({ days: index })).filter(
    ({ dayOfWeek }) => dayOfWeek <= 5,
  )
  return DEMO_OVERRIDES.flatMap(({ workingDay, windows }) => {
    const date = workingDays[workingDay]
    return date ? [{ date: date.toString(), windows }] : []
  })
}

/**
 * A calendar as it might look: appointments some days back and two weeks ahead, inside of everybody's hours, none over
 * another. The same moment gives the same plan.
 */
export function planBookings(nowMs: number): PlannedBooking[] {
  return numbered([...appointments(nowMs), ...classes(nowMs)], nowMs)
}

type Place = Pick<PlannedBooking, 'service' | 'provider' | 'startMs' | 'endMs' | 'seats'>

function appointments(nowMs: number): Place[] {
  const closed = new Map(demoOverrides(nowMs).map(({ date, windows }) => [date, windows]))
  return providerKeys().flatMap((provider, place) => {
    const { timeZone, weekly } = DEMO_PROVIDERS[provider]
    return datesAround(nowMs, timeZone).flatMap(({ date, offset }) => {
      const override = provider === 'clara' ? closed.get(date.toString()) : undefined
      const windows = (override ?? weekly.filter(({ weekday }) => weekday === date.dayOfWeek))
        .filter(({ startMin }) => startMin < EVENING_MIN)
        .slice(0, bookingsOf(offset, place))
      return windows.map(({ startMin, endMin }, part): Place => {
        const seed = offset + DAYS_BACK + place * 2 + part
        const service = TURNS[provider][seed % TURNS[provider].length] ?? 'consultation'
        const { durationsMin, stepMin = 15 } = DEMO_SERVICES[service]
        const lengthMin = durationsMin[0] ?? 0
        const starts = Math.floor((endMin - startMin - lengthMin) / stepMin) + 1
        const minute = startMin + ((seed * 5) % starts) * stepMin
        const startMs = instantOf(date, minute, timeZone)
        return { service, provider, startMs, endMs: startMs + lengthMin * MINUTE_MS, seats: 1 }
      })
    })
  })
}

/** Two on the days around today, one every other day else. */
function bookingsOf(offset: number, place: number): number {
  if (offset >= 0 && offset <= 1) return 2
  return (offset + DAYS_BACK + place) % 2
}

/** Some people in every class. */
function classes(nowMs: number): Place[] {
  const { timeZone, weekly } = YOGA_HOURS
  return datesAround(nowMs, timeZone).flatMap(({ date, offset }) =>
    weekly
      .filter(({ weekday }) => weekday === date.dayOfWeek)
      .flatMap(({ startMin, endMin }) => {
        const startMs = instantOf(date, startMin, timeZone)
        const endMs = instantOf(date, endMin, timeZone)
        return Array.from({ length: offset >= 0 && offset < 7 ? 4 : 1 }, (_, index): Place => {
          const seats = index === 0 ? 2 : 1
          return { service: 'yoga', provider: 'jonas', startMs, endMs, seats }
        })
      }),
  )
}

/** Gives the bookings their customers and their fates. */
function numbered(places: Place[], nowMs: number): PlannedBooking[] {
  return places.map((place, index) => {
    const { service, provider, startMs, endMs } = place
    const { bufferAfterMin = 0, needsRoom = false } = DEMO_SERVICES[service]
    return {
      ...place,
      customer: (index * 7) % DEMO_CUSTOMERS.length,
      claim: { startMs, endMs: endMs + bufferAfterMin * MINUTE_MS },
      roomUnit: needsRoom ? ROOM_UNITS[provider] : undefined,
      state: stateOf(index, service, endMs <= nowMs),
      createdMs: Math.min(startMs, nowMs) - ((index % 6) + 1) * DAY_MS,
    }
  })
}

function stateOf(index: number, service: ServiceKey, isOver: boolean): PlannedBooking['state'] {
  if (service !== 'yoga' && index % 11 === 4) return 'cancelled'
  if (!isOver) return 'confirmed'
  return index % 13 === 6 ? 'no_show' : 'completed'
}

function datesAround(nowMs: number, timeZone: string): { date: Temporal.PlainDate; offset: number }[] {
  const today = dateIn(nowMs, timeZone)
  return Array.from({ length: DAYS_BACK + DAYS_AHEAD + 1 }, (_, index) => {
    const offset = index - DAYS_BACK
    return { date: today.add({ days: offset }), offset }
  })
}

function dateIn(nowMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate()
}

function instantOf(date: Temporal.PlainDate, minute: number, timeZone: string): number {
  const time = Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 })
  return date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds
}

function providerKeys(): ProviderKey[] {
  return ['clara', 'samir', 'jonas', 'maya']
}
