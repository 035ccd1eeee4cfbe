import { createWish, getService } from '@slotkeeper/client'
import { redirect } from '@sveltejs/kit'
import { need } from '#lib/api.ts'
import { askParams, readAsk, withParams } from '#lib/booking/ask.ts'
import { choicesOf } from '#lib/booking/choices.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { daysOf, weekdayChoices } from '#lib/booking/wish.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { getLocale } from '#lib/paraglide/runtime.js'
import { nowMs } from '#lib/time/calendar.ts'
import { addDays, localDate } from '#lib/time/dates.ts'
import type { Actions, PageServerLoad } from './$types'

/** What is suggested: somebody who finds no time wants one soon. */
const DAYS_AHEAD = 14

export const load: PageServerLoad = async ({ locals, params, url, cookies, parent }) => {
  const { organization } = await parent()
  const path = { organization: params.organization, service: params.service }
  const service = need(await getService({ client: locals.api, path }))
  const ask = readAsk(url, cookies, service, organization.timeZone)
  const today = localDate(nowMs(), organization.timeZone)
  const { durations, seats } = choicesOf(service, ask, locals.locale)
  return {
    service: { name: service.name, providers: service.providers },
    back: withParams(`/${organization.slug}/${service.slug}`, askParams(ask, service)),
    ask,
    days: { today, until: addDays(today, DAYS_AHEAD) },
    weekdays: weekdayChoices(locals.locale),
    ...{ durations, seats },
    idempotencyKey: newKey(),
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url, cookies }) => {
    const form = await request.formData()
    const path = { organization: params.organization, service: params.service }
    const service = need(await getService({ client: locals.api, path }))
    const ask = readAsk(url, cookies, service, 'UTC')
    const outcome = await createWish({
      client: locals.api,
      path: { organization: params.organization },
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: {
        service: service.id,
        from: textOf(form, 'from'),
        until: textOf(form, 'until'),
        ...daysOf(form),
        duration: form.has('duration') ? wholeNumberOf(form, 'duration') : ask.durationMin,
        seats: form.has('seats') ? wholeNumberOf(form, 'seats') : ask.seats,
        customer: {
          name: textOf(form, 'name'),
          email: textOf(form, 'email'),
          locale: getLocale(),
          ...(ask.isZoneKnown && { timeZone: ask.timeZone }),
        },
      },
    })
    if (!outcome.data) return refuseBooking(outcome, form, { timeZone: ask.timeZone, locale: locals.locale })
    const { wish, token } = outcome.data
    redirect(303, withParams(`/wish/${wish.id}`, { token }))
  },
}
