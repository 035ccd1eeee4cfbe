import { error, redirect } from '@sveltejs/kit'
import { createProvider, listSchedules } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems } from '#lib/office/calls.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { providerIn, wrongProviderEntries } from '#lib/office/provider-form.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { rights } = await parent()
  if (!rights.manage) error(403, m.office_error_forbidden())
  const path = { organization: params.organization }
  const schedules = await allItems(url, (query) => listSchedules({ client: locals.api, path, query }))
  return { schedules, idempotencyKey: newKey() }
}

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const form = await request.formData()
    const wrong = wrongProviderEntries(form)
    if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
    const outcome = await createProvider({
      client: locals.api,
      path: { organization: params.organization },
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: providerIn(form),
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `/app/${params.organization}/providers/${outcome.data.id}?done=saved`)
  },
}
