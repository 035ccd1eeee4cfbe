import { cancelBooking } from '@slotkeeper/client'
import { redirect } from '@sveltejs/kit'
import { withParams } from '#lib/booking/ask.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { textOf } from '#lib/ui/form-data.ts'
import type { Actions } from './$types'

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const token = url.searchParams.get('token') ?? ''
    const reason = textOf(form, 'reason')
    const outcome = await cancelBooking({
      client: locals.api,
      path: { id: params.id },
      query: { token, ...(reason !== '' && { reason }) },
    })
    if (!outcome.data) return refuseBooking(outcome, form, { timeZone: 'UTC', locale: locals.locale })
    redirect(303, withParams(`/booking/${params.id}`, { token }))
  },
}
