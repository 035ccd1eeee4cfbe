import { createBooking, getService, listSlots, type CreateBookingData } from '@slotkeeper/client'
import { error, redirect } from '@sveltejs/kit'
import { need } from '#lib/api.ts'
import { askParams, readAsk, withParams, type Ask } from '#lib/booking/ask.ts'
import { placeText } from '#lib/booking/facts.ts'
import { findReason, reasonText } from '#lib/booking/reasons.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import type { Service } from '#lib/booking/types.ts'
import { isChecked, textOf } from '#lib/ui/form-data.ts'
import { moneyText } from '#lib/money.ts'
import { m } from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { instantMs, localDate } from '#lib/time/dates.ts'
import { fullDayText, timeRangeText, zoneText } from '#lib/time/format.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, cookies, parent }) => {
  const { organization } = await parent()
  const path = { organization: params.organization, service: params.service }
  const service = need(await getService({ client: locals.api, path }))
  const { locale } = locals
  const ask = readAsk(url, cookies, service, organization.timeZone)
  const start = url.searchParams.get('start') ?? ''
  const startMs = instantMs(start)
  if (startMs === undefined) error(404, 'This address names no time.')
  const date = localDate(startMs, ask.timeZone)
  const { days } = need(
    await listSlots({ client: locals.api, path, query: { from: date, to: date, ...slotsQuery(ask) } }),
  )
  const slot = days.flatMap(({ slots }) => slots).find((free) => Date.parse(free.start) === startMs)
  const reason = slot ? undefined : await findReason(locals.api, { path, query: startQuery(start, ask) })
  const end = new Date(startMs + ask.durationMin * 60_000).toISOString()
  const free = service.providers.filter(({ id }) => slot?.providers.includes(id) ?? id === ask.providerId)
  return {
    service: { name: service.name, questions: service.questions },
    isFree: slot !== undefined,
    why: reason && reasonText(reason),
    back: withParams(`/${organization.slug}/${service.slug}`, { date, ...askParams(ask, service) }),
    start,
    ask,
    facts: {
      day: fullDayText(start, ask.timeZone, locale),
      time: timeRangeText({ start, end }, ask.timeZone, locale),
      zone: zoneText(ask.timeZone, start, locale),
      who: free.length === 1 ? free[0]?.name : m.public_anyone(),
      where: service.location && placeText(service.location),
      price: service.priceMinor === 0 ? undefined : moneyText(service.priceMinor * ask.seats, service.currency, locale),
    },
    idempotencyKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url, cookies }) => {
    const form = await request.formData()
    const path = { organization: params.organization, service: params.service }
    const service = need(await getService({ client: locals.api, path }))
    const ask = readAsk(url, cookies, service, 'UTC')
    const body = bookingOf(form, service, ask)
    const outcome = await createBooking({
      client: locals.api,
      path: { organization: params.organization },
      headers: { 'idempotency-key': textOf(form, 'idempotencyKey') || crypto.randomUUID() },
      body,
    })
    if (!outcome.data)
      return refuseBooking(outcome, form, {
        timeZone: ask.timeZone,
        locale: locals.locale,
        findReason: () => findReason(locals.api, { path, query: startQuery(body.start, ask) }),
      })
    const { booking, token } = outcome.data
    redirect(303, withParams(`/booking/${booking.id}`, { token, new: '1' }))
  },
}

function slotsQuery({ timeZone, durationMin, seats, providerId }: Ask) {
  return { timeZone, duration: durationMin, seats, ...(providerId !== undefined && { provider: providerId }) }
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

function answersOf(form: FormData, { questions }: Service): Record<string, string | boolean> {
  const answers: Record<string, string | boolean> = {}
  for (const { id, kind } of questions) {
    const name = `answer-${id}`
    if (kind === 'checkbox') answers[id] = isChecked(form, name)
    else if (textOf(form, name) !== '') answers[id] = textOf(form, name)
  }
  return answers
}
