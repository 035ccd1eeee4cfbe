import { explainStart } from '@slotkeeper/client'
import type { RequestEvent } from '@sveltejs/kit'
import { problemOf } from '#lib/api.ts'
import { m } from '#lib/paraglide/messages.js'
import { momentText } from '#lib/time/calendar.ts'
import { localDate } from '#lib/time/dates.ts'
import { wholeNumber } from '#lib/ui/form-data.ts'
import { durationOf, type Choice } from './booking-form.ts'
import { msOf } from './days.ts'
import { reasonsOf, type Reason } from './explanation.ts'
import { pickValue } from './free-times.ts'
import { withParams } from './links.ts'
import { refusalText } from './refusals.ts'
import type { Service } from './types.ts'

/** What stands against a time, or that nothing does, and where to go on from there. */
export type WhyAnswer = {
  title: string
  isOffered: boolean
  reasons: Reason[]
  bookHref: string
  freeTimesHref: string
}

type Asked = {
  organization: string
  timeZone: string
  service: Service
  choice: Choice
  /** of whoever was asked for; null when it does not matter who */
  name: string | null
}

/** Asks why a time is not offered. Where the API refuses the question itself, it answers with the reason for that. */
export async function explainTime(
  { locals, url }: Pick<RequestEvent, 'locals' | 'url'>,
  { organization, timeZone, service, choice, name }: Asked,
): Promise<{ answer: WhyAnswer | null; problem: string | null }> {
  const { start, provider } = choice
  const seats = wholeNumber(url.searchParams.get('seats') ?? '')
  const duration = durationOf(service, url.searchParams.get('duration') ?? '')
  const outcome = await explainStart({
    client: locals.api,
    path: { organization, service: service.id },
    query: { start, duration, ...(provider !== '' && { provider }), ...(seats > 1 && { seats }) },
  })
  if (!outcome.data) {
    const found = problemOf(outcome)
    const isUnserved = found.code === 'provider.not_found' && name !== null
    const problem = isUnserved ? m.office_why_unserved({ name, service: service.name }) : refusalText(found)
    return { answer: null, problem }
  }
  const { offered, refusals = [] } = outcome.data
  const { locale } = locals
  const startMs = msOf(start)
  const book = { pathname: `/app/${organization}/bookings/new`, search: '' }
  const kept = { service: service.id, duration: String(duration), ...(provider !== '' && { provider }) }
  return {
    problem: null,
    answer: {
      title: [momentText(startMs, timeZone, locale), service.name, name].filter(Boolean).join(' · '),
      isOffered: offered,
      reasons: reasonsOf(refusals, { organization, timeZone, locale, startMs, isChosen: provider !== '' }),
      bookHref: withParams(book, { ...kept, pick: pickValue({ start, provider }) }),
      freeTimesHref: withParams(book, { ...kept, from: localDate(startMs, timeZone) }),
    },
  }
}
