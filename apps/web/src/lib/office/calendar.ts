import { dateText, dayText, hourText, momentText, timeRangeText } from '#lib/time/calendar.ts'
import { layOut, openOn, rowsIn, visibleHours, windowOn, type Placed, type Timed } from './calendar-layout.ts'
import { msOf } from './days.ts'
import type { Booking, Provider, Schedule, Window } from './types.ts'

/** One box of the calendar: an appointment, or all that share one session. */
export type CalendarBlock = {
  key: string
  href: string
  title: string
  who: string
  time: string
  /** the day and who, for those who do not see where the box stands */
  note: string
  colour: string
  row: number
  span: number
  lane: number
  laneSpan: number
}
export type CalendarColumn = {
  key: string
  title: string
  isToday: boolean
  /** when the column is open, behind the boxes */
  open: { row: number; span: number }[]
  blocks: CalendarBlock[]
}
export type CalendarHour = { label: string; row: number }
export type CalendarView = { hours: CalendarHour[]; rows: number; columns: CalendarColumn[] }

/** Appointments of one service, provider and time. */
export type Session = Timed & { bookings: [Booking, ...Booking[]] }

type Reader = { locale: string; timeZone: string; people: (count: number) => string }
type ColumnPlan = { key: string; title: string; isToday: boolean; date: string; sessions: Session[]; open: Window[] }

const MIN_PER_HOUR = 60

/** Puts bookings together that are seats of one session, in the order of their times. */
export function sessionsOf(bookings: readonly Booking[]): Session[] {
  const groups = Map.groupBy(bookings, (booking) =>
    [msOf(booking.start), msOf(booking.end), booking.provider.id, booking.service.id].join(' '),
  )
  const sessions = [...groups.values()].flatMap(([first, ...others]): Session[] =>
    first ? [{ startMs: msOf(first.start), endMs: msOf(first.end), bookings: [first, ...others] }] : [],
  )
  return sessions.sort((left, right) => left.startMs - right.startMs || left.endMs - right.endMs)
}

/** How a session is told apart on the page of its day. */
export function sessionKey({ startMs, bookings: [first] }: Session): string {
  return `s${startMs}-${first.provider.id}`
}

/** The columns of a day: one for each provider who is active or has an appointment. */
export function dayColumns(
  date: string,
  bookings: readonly Booking[],
  team: { providers: readonly Provider[]; schedules: readonly Schedule[]; timeZone: string },
): ColumnPlan[] {
  return team.providers.flatMap((provider) => {
    const own = bookings.filter((booking) => booking.provider.id === provider.id)
    const schedule = team.schedules.find(({ id }) => id === provider.scheduleId)
    const open = schedule ? openOn(schedule, date, team.timeZone) : []
    const plan = { key: provider.id, title: provider.name, isToday: false, date, open, sessions: sessionsOf(own) }
    return provider.active || own.length > 0 ? [plan] : []
  })
}

/** The columns of a week: one for each date. Open is when any of the schedules is. */
export function weekColumns(
  dates: readonly string[],
  bookings: readonly Booking[],
  {
    today,
    schedules,
    locale,
    timeZone,
  }: { today: string; schedules: readonly Schedule[]; locale: string; timeZone: string },
): ColumnPlan[] {
  const sessions = sessionsOf(bookings)
  return dates.map((date) => ({
    key: date,
    title: dayText(date, locale),
    isToday: date === today,
    date,
    sessions,
    open: schedules.flatMap((schedule) => openOn(schedule, date, timeZone)),
  }))
}

/** Lays the columns out over the hours that all of them need. */
export function calendarOf(columns: readonly ColumnPlan[], organization: string, reader: Reader): CalendarView {
  const laid = columns.map((column) => ({ column, placed: layOut(column.date, column.sessions, reader.timeZone) }))
  const visible = visibleHours(
    laid.flatMap(({ column, placed }) => [...column.open, ...placed.map(({ window }) => window)]),
  )
  return {
    hours: hoursIn(visible, reader.locale),
    rows: rowsIn(visible, visible).span,
    columns: laid.map(({ column, placed }) => ({
      key: column.key,
      title: column.title,
      isToday: column.isToday,
      open: column.open.map((window) => rowsIn(visible, window)),
      blocks: blocksOf(placed, { visible, organization, reader, column }),
    })),
  }
}

type Frame = { visible: Window; organization: string; reader: Reader; column: ColumnPlan }

function blocksOf(
  placed: readonly Placed<Session>[],
  { visible, organization, reader, column }: Frame,
): CalendarBlock[] {
  return placed.map(({ item, window, lane, laneSpan }) => {
    const [first, ...others] = item.bookings
    const base = `/app/${organization}`
    const who = others.length > 0 ? reader.people(item.bookings.length) : first.customer.name
    const key = sessionKey(item)
    const title = first.service.name
    const day = dateText(column.date, reader.locale)
    const time = timeRangeText(item, reader.timeZone, reader.locale)
    return {
      key: `${key}-${first.id}`,
      href: others.length > 0 ? `${base}?date=${column.date}#${key}` : `${base}/bookings/${first.id}`,
      title,
      who,
      time,
      note: [day, first.provider.name].join(', '),
      colour: first.service.colour,
      ...rowsIn(visible, window),
      lane: lane + 1,
      laneSpan,
    }
  })
}

function hoursIn(visible: Window, locale: string): CalendarHour[] {
  const hours: CalendarHour[] = []
  for (let min = visible.startMin; min < visible.endMin; min += MIN_PER_HOUR) {
    const { row } = rowsIn(visible, { startMin: min, endMin: min + MIN_PER_HOUR })
    hours.push({ label: hourText(min, locale), row })
  }
  return hours
}

/** Whether an appointment touches a local date. */
export function touches(date: string, booking: Booking, timeZone: string): boolean {
  return windowOn(date, { startMs: msOf(booking.start), endMs: msOf(booking.end) }, timeZone) !== null
}

/** When a booking is, in words. */
export function bookingMoment(booking: Pick<Booking, 'start'>, timeZone: string, locale: string): string {
  return momentText(msOf(booking.start), timeZone, locale)
}
