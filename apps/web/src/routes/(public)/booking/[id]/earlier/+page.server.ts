import { getService, wishEarlier } from '@slotkeeper/client'
import { redirect } from '@sveltejs/kit'
import { need } from '#lib/api.ts'
import { withParams } from '#lib/booking/ask.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { daysOf, weekdayChoices } from '#lib/booking/wish.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { nowMs } from '#lib/time/calendar.ts'
import { localDate } from '#lib/time/dates.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { booking } = await parent()
  const { organization, service } = booking
  const path = { organization: organization.slug, service: service.slug }
  const { providers } = need(await getService({ client: locals.api, path }))
  return {
    providers,
    weekdays: weekdayChoices(locals.locale),
    days: {
      today: localDate(nowMs(), organization.timeZone),
      until: localDate(booking.start, organization.timeZone),
    },
    idempotencyKey: newKey(),
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const from = textOf(form, 'from')
    const outcome = await wishEarlier({
      client: locals.api,
      path: { id: params.id },
      query: { token: url.searchParams.get('token') || '-' },
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: { ...(from !== '' && { from }), ...daysOf(form) },
    })
    if (!outcome.data) return refuseBooking(outcome, form, { timeZone: 'UTC', locale: locals.locale })
    const { wish, token } = outcome.data
    redirect(303, withParams(`/wish/${wish.id}`, { token }))
  },
}
