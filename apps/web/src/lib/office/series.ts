import type { PreviewSeriesResponses } from '@slotkeeper/client'
import { m } from '#lib/paraglide/messages.js'
import { momentText } from '#lib/time/calendar.ts'
import { instantOf, msOf, wallOf } from './days.ts'
import type { Problem } from './types.ts'

/** How often appointments repeat, as the page offers it, by the rule that says so (RFC 5545 §3.3.10). */
export const REPETITIONS: Record<string, { rule: string; text: () => string }> = {
  day: { rule: 'FREQ=DAILY', text: m.office_series_day },
  week: { rule: 'FREQ=WEEKLY', text: m.office_repeat_weekly },
  weeks2: { rule: 'FREQ=WEEKLY;INTERVAL=2', text: m.office_repeat_fortnightly },
  weeks4: { rule: 'FREQ=WEEKLY;INTERVAL=4', text: m.office_series_weeks4 },
  month: { rule: 'FREQ=MONTHLY', text: m.office_repeat_monthly },
}

/** Appointments of one series, at least and at most, as the page offers them. */
export const SERIES_MIN = 2
export const SERIES_MAX = 52

/** The rule of a series, and its first time by the clocks of the zone. */
export function seriesOf(
  { start, repeat, count }: { start: string; repeat: string; count: number },
  timeZone: string,
): { start: string; timeZone: string; rule: string } {
  const { date, time } = wallOf(msOf(start), timeZone)
  const { rule } = REPETITIONS[repeat] ?? { rule: 'FREQ=WEEKLY' }
  return { start: `${date}T${time}`, timeZone, rule: `${rule};COUNT=${String(count)}` }
}

/** One time of a series as the page shows it, and what else can be had instead. */
export type SeriesTime = { start: string; label: string; free: boolean; instead: { start: string; label: string }[] }

export function seriesTimes(
  { occurrences }: PreviewSeriesResponses[200],
  timeZone: string,
  locale: string,
): SeriesTime[] {
  const labelled = (start: string) => ({
    start: instantOf(msOf(start)),
    label: momentText(msOf(start), timeZone, locale),
  })
  return occurrences.map(({ start, free, alternatives = [] }) => ({
    ...labelled(start),
    free,
    instead: alternatives.map(labelled),
  }))
}

/** The entry that says what becomes of a time that is not free: another time, or nothing when it is left out. */
export function insteadName(start: string): string {
  return `instead.${start}`
}

/** What a form chose for the times that are not free. */
export function choicesIn(
  form: FormData,
  timeZone: string,
): { instead: { start: string; instead: string }[]; except: string[] } {
  const chosen = [...form].flatMap(([name, value]) =>
    name.startsWith('instead.') && typeof value === 'string'
      ? [{ start: name.slice('instead.'.length), instead: value }]
      : [],
  )
  return {
    instead: chosen.filter(({ instead }) => instead !== ''),
    except: chosen
      .filter(({ instead }) => instead === '')
      .map(({ start }) => {
        const { date, time } = wallOf(msOf(start), timeZone)
        return `${date}T${time}`
      }),
  }
}

/** Which bookings of a series a change is for, besides the one that it begins with; null when for that one alone. */
export function scopeIn(form: FormData): 'following' | 'all' | null {
  const scope = form.get('scope')
  return scope === 'following' || scope === 'all' ? scope : null
}

/** The times that a request for several was refused for, in words. */
export function refusedTimes({ refused = [] }: Pick<Problem, 'refused'>, timeZone: string, locale: string): string[] {
  return refused.map(({ start }) => momentText(msOf(start), timeZone, locale))
}
