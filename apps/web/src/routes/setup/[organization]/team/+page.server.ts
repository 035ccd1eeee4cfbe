import { redirect } from '@sveltejs/kit'
import { createProvider, listSchedules } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems } from '#lib/office/calls.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { refuse } from '#lib/office/refusals.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = () => ({ idempotencyKey: newKey() })

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const client = locals.api
    const path = { organization: params.organization }
    const form = await request.formData()
    // A new business has one schedule: its opening hours, which everybody begins with.
    const [schedule] = await allItems(url, (query) => listSchedules({ client, path, query }))
    const outcome = await createProvider({
      client,
      path,
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: {
        name: textOf(form, 'name'),
        email: textOf(form, 'email') || null,
        ...(schedule && { scheduleId: schedule.id }),
      },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, url.pathname)
  },
}
