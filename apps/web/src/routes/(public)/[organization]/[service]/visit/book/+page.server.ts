import { bookVisit, type BookVisitData } from '@slotkeeper/client'
import { error, redirect } from '@sveltejs/kit'
import { answersOf } from '#lib/booking/answers.ts'
import { withParams } from '#lib/booking/ask.ts'
import { placeText } from '#lib/booking/facts.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { nearestVisits } from '#lib/booking/visit-times.ts'
import {
  findVisits,
  itemOf,
  readVisit,
  visitParams,
  visitPath,
  withPairs,
  type VisitPart,
  type VisitTime,
} from '#lib/booking/visit.ts'
import { moneyText } from '#lib/money.ts'
import { m } from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { instantMs, localDate } from '#lib/time/dates.ts'
import { fullDayText, timeRangeText, zoneText } from '#lib/time/format.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { textOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, cookies, parent }) => {
  const { organization } = await parent()
  const { slug } = organization
  const { api, locale } = locals
  const wish = await readVisit({ api, url, cookies, params }, organization.timeZone)
  const start = url.searchParams.get('start') ?? ''
  const startMs = instantMs(start)
  if (startMs === undefined || wish.parts.length < 2) error(404, 'This address names no visit.')
  const date = localDate(startMs, wish.timeZone)
  const visits = await findVisits({ api, organization: slug }, wish, { from: date, to: date })
  const visit = visits.find((free) => Date.parse(free.start) === startMs)
  const zone = zoneText(wish.timeZone, start, locale)
  return {
    back: withPairs(visitPath(slug, wish), [...visitParams(wish), ['date', date]]),
    isFree: visit !== undefined,
    nearest: visit ? [] : await nearestVisits({ api, organization: slug, wish, locale }, startMs),
    start,
    day: { label: fullDayText(start, wish.timeZone, locale), zone },
    parts: wish.parts.map((part, index) => viewPart(part, visit?.parts[index], { timeZone: wish.timeZone, locale })),
    price: priceText(wish.parts, locale),
    asking: wish.parts.flatMap(({ service }, index) =>
      service.questions.length > 0 ? [{ index, name: service.name, questions: service.questions }] : [],
    ),
    idempotencyKey: newKey(),
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url, cookies }) => {
    const form = await request.formData()
    const { parts, timeZone } = await readVisit({ api: locals.api, url, cookies, params }, 'UTC')
    const outcome = await bookVisit({
      client: locals.api,
      path: { organization: params.organization },
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: bodyOf(form, parts, timeZone),
    })
    if (!outcome.data) return refuseBooking(outcome, form, { timeZone, locale: locals.locale })
    const { bookings, token } = outcome.data
    redirect(303, withParams(`/booking/${bookings[0]?.id ?? ''}`, { token, new: '1' }))
  },
}

function bodyOf(form: FormData, parts: VisitPart[], timeZone: string): BookVisitData['body'] {
  const phone = textOf(form, 'phone')
  // One of the other times that were offered after a refusal.
  const other = textOf(form, 'other')
  return {
    items: parts.map((part, index) => ({
      ...itemOf(part),
      answers: answersOf(form, part.service, `${String(index)}-`),
    })),
    start: other === '' ? textOf(form, 'start') : other,
    customer: {
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      timeZone,
      locale: getLocale(),
      ...(phone !== '' && { phone }),
    },
  }
}

type Reader = { timeZone: string; locale: string }

/** One service of the visit; without its time when the visit does not fit. */
function viewPart(
  { service, providerId }: VisitPart,
  time: VisitTime['parts'][number] | undefined,
  { timeZone, locale }: Reader,
) {
  const provider = service.providers.find(({ id }) => id === (time?.provider ?? providerId))
  const who = provider?.name ?? m.public_anyone()
  return {
    name: service.name,
    colour: service.colour,
    time: time && timeRangeText(time, timeZone, locale),
    more: service.location ? `${who} · ${placeText(service.location)}` : who,
  }
}

/** What all of it costs; nothing when services are paid in several currencies, or for free. */
function priceText(parts: VisitPart[], locale: string): string | undefined {
  const [currency, other] = new Set(parts.map(({ service }) => service.currency))
  const sum = parts.reduce((total, { service }) => total + service.priceMinor, 0)
  return currency === undefined || other !== undefined || sum === 0 ? undefined : moneyText(sum, currency, locale)
}
