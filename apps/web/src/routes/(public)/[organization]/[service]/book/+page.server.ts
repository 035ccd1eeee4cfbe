import { createBooking, getService, type CreateBookingData } from '@slotkeeper/client'
import { error, redirect } from '@sveltejs/kit'
import { need, problemOf, type Outcome } from '#lib/api.ts'
import { answersOf } from '#lib/booking/answers.ts'
import { actionOf, askParams, readAsk, withParams, type Ask } from '#lib/booking/ask.ts'
import { placeText } from '#lib/booking/facts.ts'
import { findHold, forget, keep, keepLonger, letGo, readKept } from '#lib/booking/kept-time.ts'
import { findPlace } from '#lib/booking/place.ts'
import { findReason } from '#lib/booking/reasons.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import type { Service } from '#lib/booking/types.ts'
import { textOf, typedIn } from '#lib/ui/form-data.ts'
import { moneyText } from '#lib/money.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { m } from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { instantMs, localDate } from '#lib/time/dates.ts'
import { fullDayText, momentText, timeRangeText, zoneText } from '#lib/time/format.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const load: PageServerLoad = async (event) => {
  const { locals, params, url, cookies, parent } = event
  const { organization } = await parent()
  const path = { organization: params.organization, service: params.service }
  const service = need(await getService({ client: locals.api, path }))
  const ask = readAsk(url, cookies, service, organization.timeZone)
  const start = url.searchParams.get('start') ?? ''
  const startMs = instantMs(start)
  if (startMs === undefined) error(404, 'This address names no time.')
  const { place, providers } = await findPlace(event, { service: service.id, start, startMs, ask })
  const asked = askParams(ask, service)
  const back = { date: localDate(startMs, ask.timeZone), ...asked }
  const nearest = place.state === 'taken' ? place.nearest : []
  return {
    title: m.public_book_title({ service: service.name }),
    questions: service.questions,
    place,
    nearest: nearest.map((other) => ({
      text: momentText(other, ask.timeZone, locals.locale),
      action: actionOf(url.pathname, 'keep', { start: other, ...asked }),
    })),
    back: withParams(`/${organization.slug}/${service.slug}`, back),
    actions: {
      book: actionOf(url.pathname, 'book', { start, ...asked }),
      keep: actionOf(url.pathname, 'keep', { start, ...asked }),
      release: actionOf(url.pathname, 'release', back),
    },
    start,
    facts: factsOf({ service, start, startMs, ask, providers }, locals.locale),
    idempotencyKey: newKey(),
  }
}

export const actions: Actions = {
  /** From the free times: the time is kept, and the form opened, which says what became of it. */
  hold: async (event) => {
    const { params, url } = event
    const { service, ask } = await readWish(event)
    const start = url.searchParams.get('start') ?? ''
    const outcome = await keep(event, { service: service.id, start, ask })
    if (!isSaidByForm(outcome) && !isOneTooMany(outcome)) need(outcome)
    redirect(303, withParams(`/${params.organization}/${params.service}/book`, { start, ...askParams(ask, service) }))
  },
  /** From the form: the time is kept for longer or, when it no longer is, once more. */
  keep: async (event) => {
    const { locals, request, url } = event
    const form = await request.formData()
    const { service, ask } = await readWish(event)
    const start = url.searchParams.get('start') ?? ''
    const kept = readKept(event)
    const hold = kept && kept.startMs === instantMs(start) ? await findHold(event, kept) : undefined
    const isLonger = kept && hold?.canExtend && (await keepLonger(event, kept)).data !== undefined
    const outcome = isLonger ? undefined : await keep(event, { service: service.id, start, ask })
    if (outcome && !isSaidByForm(outcome))
      return refuseBooking(outcome, form, { timeZone: ask.timeZone, locale: locals.locale })
    return { message: '', errors: {}, values: typedIn(form), alternatives: [] }
  },
  /** Left by its button, or told by the browser that it was left in another way. */
  release: async (event) => {
    const { params, request, url } = event
    const view = textOf(await request.formData(), 'view')
    const kept = readKept(event)
    if (kept && (view === '' || view === kept.view)) await letGo(event, kept)
    const back = [...url.searchParams].filter(([name]) => !name.startsWith('/'))
    redirect(303, withParams(`/${params.organization}/${params.service}`, Object.fromEntries(back)))
  },
  book: async (event) => {
    const { locals, params, request } = event
    const form = await request.formData()
    const { service, ask } = await readWish(event)
    const body = bookingOf(form, service, ask)
    const kept = readKept(event)
    const isKept = kept !== undefined && kept.startMs === instantMs(body.start)
    const outcome = await createBooking({
      client: locals.api,
      path: { organization: params.organization },
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: { ...body, ...(isKept && { hold: kept.id }) },
    })
    if (!outcome.data) {
      const path = { organization: params.organization, service: service.id }
      return refuseBooking(outcome, form, {
        timeZone: ask.timeZone,
        locale: locals.locale,
        findReason: () => findReason(locals.api, { path, query: startQuery(body.start, ask) }),
      })
    }
    if (isKept) forget(event)
    else if (kept) await letGo(event, kept)
    const { booking, token } = outcome.data
    redirect(303, withParams(`/booking/${booking.id}`, { token, new: '1' }))
  },
}

/** What an action is about, as its address says. */
async function readWish({ locals, params, url, cookies }: RequestEvent) {
  const path = { organization: params.organization, service: params.service }
  const service = need(await getService({ client: locals.api, path }))
  return { service, ask: readAsk(url, cookies, service, 'UTC') }
}

/** Whether the time is kept or not free: both are said by the form itself, the latter with the nearest free times. */
function isSaidByForm(outcome: Outcome<unknown>): boolean {
  return outcome.data !== undefined || problemOf(outcome).code.startsWith('booking.slot_')
}

/** The form still books the time, and tells why it cannot be kept when it is asked to. */
function isOneTooMany(outcome: Outcome<unknown>): boolean {
  return problemOf(outcome).code === 'hold.too_many'
}

type Shown = { service: Service; start: string; startMs: number; ask: Ask; providers: string[] }

function factsOf({ service, start, startMs, ask, providers }: Shown, locale: string) {
  const end = new Date(startMs + ask.durationMin * 60_000).toISOString()
  const candidates = providers.length > 0 ? providers : [ask.providerId]
  const free = service.providers.filter(({ id }) => candidates.includes(id))
  const time = timeRangeText({ start, end }, ask.timeZone, locale)
  const price = service.priceMinor * ask.seats
  return [
    {
      label: m.public_when(),
      value: fullDayText(start, ask.timeZone, locale),
      note: `${time}, ${zoneText(ask.timeZone, start, locale)}`,
    },
    { label: m.public_with(), value: free.length === 1 ? free[0]?.name : m.public_anyone() },
    { label: m.public_where(), value: service.location && placeText(service.location) },
    { label: m.public_seats(), value: ask.seats > 1 ? String(ask.seats) : undefined },
    { label: m.public_price(), value: price === 0 ? undefined : moneyText(price, service.currency, locale) },
  ]
}

function startQuery(start: string, { durationMin, seats, providerId }: Ask) {
  return { start, duration: durationMin, seats, ...(providerId !== undefined && { provider: providerId }) }
}

function bookingOf(form: FormData, service: Service, ask: Ask): CreateBookingData['body'] {
  const phone = textOf(form, 'phone')
  // One of the other times that were offered after a refusal; whoever is free then serves it.
  const other = textOf(form, 'other')
  const answers = answersOf(form, service)
  return {
    service: service.slug,
    start: other === '' ? textOf(form, 'start') : other,
    duration: ask.durationMin,
    seats: ask.seats,
    ...(ask.providerId !== undefined && { provider: ask.providerId }),
    customer: {
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      timeZone: ask.timeZone,
      locale: getLocale(),
      ...(phone !== '' && { phone }),
    },
    ...(Object.keys(answers).length > 0 && { answers }),
  }
}
