import type { CreateProviderTimeOffData, ListProviderTimeOffResponses } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { m } from '#lib/paraglide/messages.js'
import { momentText } from '#lib/time/calendar.ts'
import { msOf } from './days.ts'

export type TimeOff = ListProviderTimeOffResponses[200]['items'][number]
type Body = CreateProviderTimeOffData['body']

const MS_PER_MIN = 60_000

/** How time off can come back, by the name of the choice. */
const RULES = {
  once: null,
  weekly: 'FREQ=WEEKLY',
  fortnightly: 'FREQ=WEEKLY;INTERVAL=2',
  monthly: 'FREQ=MONTHLY',
  yearly: 'FREQ=YEARLY',
} as const
type Repeat = keyof typeof RULES | 'custom'

/** The choices of how often, in words. */
export function repeatNames(): { value: Repeat; label: string }[] {
  return [
    { value: 'once', label: m.office_repeat_once() },
    { value: 'weekly', label: m.office_repeat_weekly() },
    { value: 'fortnightly', label: m.office_repeat_fortnightly() },
    { value: 'monthly', label: m.office_repeat_monthly() },
    { value: 'yearly', label: m.office_repeat_yearly() },
    { value: 'custom', label: m.office_repeat_custom() },
  ]
}

/**
 * What was typed: from one local date to another, of whole days where no times are given.
 * @returns what is wrong with the entries, by their names, where anything is
 */
export function timeOffIn(form: FormData, timeZone: string): { body: Body; wrong: Record<string, string> } {
  const fromDate = textOf(form, 'fromDate')
  const fromTime = textOf(form, 'fromTime') || '00:00'
  const startsAt = `${fromDate}T${fromTime}`
  const durationMin = (localMs(endIn(form, fromDate)) - localMs(startsAt)) / MS_PER_MIN
  const rule = ruleIn(form)
  const isBackwards = !(durationMin > 0)
  return {
    body: { startsAt, timeZone, durationMin, rule, note: textOf(form, 'note') },
    wrong: {
      ...(isBackwards && { toDate: m.office_error_range() }),
      ...(rule === '' && { customRule: m.office_error_entry() }),
    },
  }
}

/** A last day without a time is off to its end; without a last day it is the first. */
function endIn(form: FormData, fromDate: string): string {
  const toDate = textOf(form, 'toDate') || fromDate
  const toTime = textOf(form, 'toTime')
  return toTime === '' ? `${toDate}T24:00` : `${toDate}T${toTime}`
}

/** The choice or the rule that was typed, until the last day that was given; a rule may have an end of its own. */
function ruleIn(form: FormData): string | null {
  const repeat = textOf(form, 'repeat')
  const chosen = Object.entries(RULES).find(([name]) => name === repeat)?.[1] ?? null
  const rule = repeat === 'custom' ? textOf(form, 'customRule').replace(/^RRULE:/i, '') : chosen
  const until = textOf(form, 'until')
  if (rule === null || rule === '' || until === '' || /(?:^|;)(?:UNTIL|COUNT)=/i.test(rule)) return rule
  return `${rule};UNTIL=${until.replaceAll('-', '')}`
}

/** A local date and time as if it were UTC; NaN when it is none. */
function localMs(text: string): number {
  return Date.parse(`${text}Z`)
}

/** When it is, in words: the next time and how it comes back. */
export function timeOffText(
  { next, rule, timeZone, startsAt }: TimeOff,
  locale: string,
): { when: string; how: string } {
  const start = next ? momentText(msOf(next.start), timeZone, locale) : startsAt.replace('T', ' ')
  const end = next ? momentText(msOf(next.end), timeZone, locale) : ''
  return { when: [start, end].filter(Boolean).join(' – '), how: rule === null ? '' : ruleText(rule) }
}

function ruleText(rule: string): string {
  const [plain = '', until = ''] = rule.split(';UNTIL=')
  const known = Object.entries(RULES).find(([, one]) => one === plain)?.[0]
  const name = repeatNames().find(({ value }) => value === known)?.label ?? rule
  if (known === undefined || until === '') return name
  return m.office_repeat_until({ name, date: until.replace(/^(\d{4})(\d{2})(\d{2}).*/, '$1-$2-$3') })
}
