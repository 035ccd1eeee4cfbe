import { error, fail, redirect } from '@sveltejs/kit'
import { createBooking, getOrganization, getService, listServices } from '@slotkeeper/client'
import { answersIn, choiceIn, chosenText, customerIn, durationOf, findCustomers } from '#lib/office/booking-form.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems, need } from '#lib/office/calls.ts'
import { isDate } from '#lib/office/days.ts'
import { localDate } from '#lib/time/dates.ts'
import { isChecked, textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { nearestTimes, readFreeTimes } from '#lib/office/free-times.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import { nowMs } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { locals, params, parent, url } = event
  const { organization, rights } = await parent()
  if (!rights.book) error(403, m.office_error_forbidden())
  const { timeZone } = organization
  const path = { organization: params.organization }
  const [services, customers] = await Promise.all([
    allItems(url, (query) => listServices({ client: locals.api, path, query: { hidden: true, ...query } })),
    findCustomers(locals.api, path, url),
  ])
  const service = services.find(({ id }) => id === url.searchParams.get('service'))
  if (!service) return { services, customers, offer: null }

  const { locale } = locals
  const today = localDate(nowMs(), timeZone)
  const asked = url.searchParams.get('from')
  const provider = url.searchParams.get('provider') ?? ''
  const duration = durationOf(service, url.searchParams.get('duration') ?? '')
  const choice = choiceIn(url.searchParams, timeZone)
  const times = await readFreeTimes(
    event,
    { ...path, service: service.id, timeZone },
    {
      from: isDate(asked) && asked >= today ? asked : today,
      query: { duration, ...(provider !== '' && { provider }) },
      team: service.providers,
      preferred: provider,
      locale,
    },
  )
  return {
    services,
    customers,
    offer: {
      service,
      today,
      provider,
      duration,
      times,
      chosen: choice && chosenText(choice, service, { timeZone, locale }),
      noSuchTime: choice === null && url.searchParams.has('time'),
      idempotencyKey: newKey(),
    },
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const client = locals.api
    const path = { organization: params.organization }
    const form = await request.formData()
    const { timeZone } = need(await getOrganization({ client, path }), url)
    const service = need(await getService({ client, path: { ...path, service: textOf(form, 'service') } }), url)
    const choice = choiceIn(form, timeZone)
    if (!choice) return refuseEntries({ time: m.office_error_no_such_time() }, form)
    const outcome = await createBooking({
      client,
      path,
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: {
        service: service.id,
        start: choice.start,
        duration: wholeNumberOf(form, 'duration'),
        ...(choice.provider !== '' && { provider: choice.provider }),
        ...(service.capacity > 1 && { seats: wholeNumberOf(form, 'seats') }),
        customer: customerIn(form),
        answers: answersIn(form, service),
        ...(isChecked(form, 'override') && { override: true }),
      },
    })
    if (outcome.data) redirect(303, `/app/${params.organization}/bookings/${outcome.data.booking.id}?done=booked`)
    const refusal = refuse(outcome, form)
    const nearest = nearestTimes(refusal.data.alternatives, {
      preferred: choice.provider,
      team: service.providers,
      timeZone,
      locale: locals.locale,
    })
    // The next try is another request: with the key of this one it would be taken for a repetition.
    const refused = outcome.error.code.startsWith('booking.slot_') ? choice : null
    return fail(refusal.status, { ...refusal.data, nearest, refused, idempotencyKey: newKey() })
  },
}
