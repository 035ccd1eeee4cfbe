import { changeSeatsByLink, getService } from '@slotkeeper/client'
import { redirect } from '@sveltejs/kit'
import { need } from '#lib/api.ts'
import { withParams } from '#lib/booking/ask.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { booking } = await parent()
  const path = { organization: booking.organization.slug, service: booking.service.id }
  const { capacity } = need(await getService({ client: locals.api, path }))
  return { capacity, idempotencyKey: newKey() }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const token = url.searchParams.get('token') ?? ''
    const outcome = await changeSeatsByLink({
      client: locals.api,
      path: { id: params.id },
      query: { token },
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: { seats: wholeNumberOf(form, 'seats') },
    })
    if (!outcome.data) return refuseBooking(outcome, form, { timeZone: 'UTC', locale: locals.locale })
    redirect(303, withParams(`/booking/${params.id}`, { token, changed: '1' }))
  },
}
