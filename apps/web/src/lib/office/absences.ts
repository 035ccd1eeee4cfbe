import { m } from '#lib/paraglide/messages.js'
import { dateRangeText, dateText, spanText } from '#lib/time/calendar.ts'
import { localDate } from '#lib/time/dates.ts'
import { msOf } from './days.ts'
import type { StartRefusal } from './types.ts'

/** Why somebody or something cannot serve, in words, and where the booking is that is in the way. */
export type Absence = { text: string; note: string; href: string | null }

/** For whom it is told, and about which time. */
export type Teller = { organization: string; timeZone: string; locale: string; startMs: number }

type Cause = NonNullable<StartRefusal['absent']>[number]['causes'][number]
type Because = NonNullable<StartRefusal['because']>
type LimitUse = NonNullable<StartRefusal['limit']>

/** One cause of an absence, in words. */
export function absenceOf(cause: Cause, teller: Teller): Absence {
  const href = cause.booking === undefined ? null : `/app/${teller.organization}/bookings/${cause.booking}`
  switch (cause.cause) {
    case 'closed':
      return { text: cause.because ? becauseText(cause.because, teller.locale) : m.office_closed(), note: '', href }
    case 'busy':
      return { text: busyText(cause, teller), note: '', href }
    case 'buffer':
      return { text: busyText(cause, teller), note: m.office_cause_buffer(), href }
    case 'unreadable':
      return { text: m.office_cause_unreadable(), note: '', href }
    case 'limit':
      return {
        text: m.office_cause_limit({ use: cause.limit ? useText(cause.limit, teller.locale) : '' }),
        ...{ note: '', href },
      }
    case 'steps':
      return { text: m.office_cause_steps(), note: '', href }
  }
}

/** What in the hours says so: `Holiday on Monday, May 25, 2026: Whit Monday`. */
export function becauseText({ kind, date, fromDate, toDate, name }: Because, locale: string): string {
  if (kind === 'weekly_hours') return m.office_because_weekly()
  if (kind === 'closure') {
    const [first, last] = [fromDate ?? '', toDate ?? fromDate ?? '']
    const dates = first === last ? dateText(first, locale) : dateRangeText(first, last, locale)
    return name === undefined || name === ''
      ? m.office_because_closure({ dates })
      : m.office_because_closure_named({ dates, name })
  }
  const day = date === undefined ? '' : dateText(date, locale)
  if (kind === 'override') return m.office_because_override({ date: day })
  return name === undefined || name === ''
    ? m.office_because_holiday({ date: day })
    : m.office_because_holiday_named({ date: day, name })
}

/** How much of a limit is used: `3 of 3 appointments in this week`. */
export function useText({ per, maxCount, maxMinutes, count, minutes }: LimitUse, locale: string): string {
  const uses = [
    ...(maxCount === undefined ? [] : [m.office_use_count({ per, count, most: maxCount })]),
    ...(maxMinutes === undefined ? [] : [m.office_use_minutes({ per, count: minutes, most: maxMinutes })]),
  ]
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(uses)
}

function busyText({ kind, from, to }: Cause, { timeZone, locale, startMs }: Teller): string {
  if (from === undefined || to === undefined) return m.office_cause_busy()
  const span = { startMs: msOf(from), endMs: msOf(to) }
  const day = localDate(startMs, timeZone)
  const isSameDay = localDate(span.startMs, timeZone) === day && localDate(span.endMs - 1, timeZone) === day
  const time = spanText(span, timeZone, { locale, isSameDay })
  const texts: Record<string, (inputs: { time: string }) => string> = {
    booking: m.office_cause_booking,
    hold: m.office_cause_hold,
    time_off: m.office_cause_time_off,
    external: m.office_cause_external,
  }
  return texts[kind ?? '']?.({ time }) ?? [m.office_cause_busy(), time].join(' ')
}
