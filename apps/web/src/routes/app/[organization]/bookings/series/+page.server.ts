import { error, redirect } from '@sveltejs/kit'
import { bookSeries, getOrganization, getService, previewSeries } from '@slotkeeper/client'
import { problemOf } from '#lib/api.ts'
import { answersIn, choiceIn, chosenText, customerIn, durationOf, findCustomers } from '#lib/office/booking-form.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { need } from '#lib/office/calls.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import {
  choicesIn,
  refusedTimes,
  REPETITIONS,
  SERIES_MAX,
  SERIES_MIN,
  seriesOf,
  seriesTimes,
} from '#lib/office/series.ts'
import { m } from '#lib/paraglide/messages.js'
import { textOf, wholeNumber, wholeNumberOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad } from './$types'

const USUAL_COUNT = 8

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organization, rights } = await parent()
  if (!rights.book) error(403, m.office_error_forbidden())
  const { timeZone } = organization
  const client = locals.api
  const path = { organization: params.organization }
  const read = (name: string) => url.searchParams.get(name) ?? ''
  const choice = choiceIn(url.searchParams, timeZone)
  if (!choice || read('service') === '') redirect(303, `/app/${params.organization}/bookings/new`)
  const service = need(await getService({ client, path: { ...path, service: read('service') } }), url)
  const repeat = Object.hasOwn(REPETITIONS, read('repeat')) ? read('repeat') : 'week'
  const count = countIn(read('count'))
  const duration = durationOf(service, read('duration'))
  const provider = choice.provider === '' ? {} : { provider: choice.provider }
  const body = { ...seriesOf({ start: choice.start, repeat, count }, timeZone), ...provider, duration }
  const [preview, customers] = await Promise.all([
    previewSeries({ client, path: { ...path, service: service.id }, body }),
    findCustomers(client, path, url),
  ])
  return {
    ...{ service, repeat, count, duration, customers },
    chosen: chosenText(choice, service, { timeZone, locale: locals.locale }),
    times: seriesTimes(need(preview, url), timeZone, locals.locale),
    idempotencyKey: newKey(),
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
    if (!choice) return refuseEntries({ pick: m.office_error_no_such_time() }, form)
    const series = seriesOf(
      { start: choice.start, repeat: textOf(form, 'repeat'), count: countIn(textOf(form, 'count')) },
      timeZone,
    )
    const outcome = await bookSeries({
      client,
      path: { ...path, service: service.id },
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: {
        ...series,
        ...choicesIn(form, timeZone),
        duration: wholeNumberOf(form, 'duration'),
        ...(choice.provider !== '' && { provider: choice.provider }),
        ...(service.capacity > 1 && { seats: wholeNumberOf(form, 'seats') }),
        customer: customerIn(form),
        answers: answersIn(form, service),
      },
    })
    if (outcome.data) {
      const [first] = outcome.data.bookings
      redirect(303, `/app/${params.organization}/bookings/${first?.id ?? ''}?done=booked`)
    }
    const refusal = refuse(outcome, form)
    const refused = refusedTimes(problemOf(outcome), timeZone, locals.locale)
    // The next try is another request: with the key of this one it would be taken for a repetition.
    return { ...refusal, data: { ...refusal.data, refused, idempotencyKey: newKey() } }
  },
}

function countIn(text: string): number {
  const count = wholeNumber(text)
  return Number.isNaN(count) ? USUAL_COUNT : Math.min(SERIES_MAX, Math.max(SERIES_MIN, count))
}
