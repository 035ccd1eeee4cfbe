import { m } from '#lib/paraglide/messages.js'
import { dateText, momentText } from '#lib/time/calendar.ts'
import { localDate } from '#lib/time/dates.ts'
import { absenceOf, becauseText, useText, type Absence, type Teller } from './absences.ts'
import { msOf } from './days.ts'
import type { StartRefusal } from './types.ts'

/** One reason why a time is not offered, in words, and who or what it is about. */
export type Reason = { text: string; note: string; absent: { key: string; name: string; causes: Absence[] }[] }

type Asked = Teller & {
  /** whether one person was asked for */
  isChosen: boolean
}

/** Every reason that members are told, in the reader's language and the time zone of the business. */
export function reasonsOf(refusals: readonly StartRefusal[], asked: Asked): Reason[] {
  return refusals.map((refusal) => ({
    text: TEXTS[refusal.reason](refusal, asked),
    note: noteOn(refusal, asked),
    absent: (refusal.absent ?? []).map(({ id, name, unit, causes }) => ({
      key: `${id} ${unit ?? 0}`,
      name: unit === undefined ? name : m.office_why_unit({ name, unit }),
      causes: causes.map((cause) => absenceOf(cause, asked)),
    })),
  }))
}

type Text = (refusal: StartRefusal, asked: Asked) => string

const TEXTS: Record<StartRefusal['reason'], Text> = {
  past: () => m.office_why_past(),
  notice: ({ from }, asked) => m.office_why_notice({ moment: momentOf(from, asked) }),
  window: ({ from, to }, { timeZone, locale }) =>
    m.office_why_window({
      from: from === undefined ? '' : dateText(localDate(from, timeZone), locale),
      // The window ends when the day after its last one begins.
      to: to === undefined ? '' : dateText(localDate(msOf(to) - 1, timeZone), locale),
    }),
  service_closed: () => m.office_why_service_closed(),
  limit: ({ of, limit }, { locale }) => {
    const use = limit ? useText(limit, locale) : ''
    return of === 'customer' ? m.office_why_limit_customer({ use }) : m.office_why_limit_service({ use })
  },
  not_enough: notEnoughText,
  shared: () => m.office_why_shared(),
  steps: () => m.office_why_steps(),
  seats: ({ wanted = 0, left = 0 }) => m.office_why_seats({ wanted, left }),
  gap: () => m.office_why_gap(),
  not_first: () => m.office_why_not_first(),
  skipped: () => m.office_why_skipped(),
  series: ({ from }, asked) => m.office_why_series({ moment: momentOf(from, asked) }),
}

function noteOn({ reason, because, from }: StartRefusal, asked: Asked): string {
  if (because) return becauseText(because, asked.locale)
  if (reason === 'not_first' && from !== undefined) return m.office_why_first_is({ moment: momentOf(from, asked) })
  return ''
}

function notEnoughText({ kind, needed = 1, free = 0, absent = [] }: StartRefusal, { isChosen }: Asked): string {
  const isPeople = kind === 'provider'
  const [only, ...others] = absent
  if (!only) return isPeople ? m.office_why_no_people() : m.office_why_no_things()
  if (needed > 1)
    return isPeople ? m.office_why_few_people({ needed, free }) : m.office_why_few_things({ needed, free })
  if (isPeople && isChosen && others.length === 0) return m.office_why_person({ name: only.name })
  return isPeople ? m.office_why_nobody() : m.office_why_nothing()
}

function momentOf(instant: string | undefined, { timeZone, locale }: Asked): string {
  return instant === undefined ? '' : momentText(msOf(instant), timeZone, locale)
}
