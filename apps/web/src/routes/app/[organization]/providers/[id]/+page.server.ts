import { error, redirect } from '@sveltejs/kit'
import { listProviders, listSchedules, updateProvider } from '@slotkeeper/client'
import { allItems } from '#lib/office/calls.ts'
import { isChecked } from '#lib/ui/form-data.ts'
import { providerIn, wrongProviderEntries } from '#lib/office/provider-form.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [providers, schedules] = await Promise.all([
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
  ])
  const provider = providers.find(({ id }) => id === params.id)
  if (!provider) error(404, m.office_error_not_there())
  return { provider, schedules }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const wrong = wrongProviderEntries(form)
    if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
    const body = { ...providerIn(form), active: isChecked(form, 'active') }
    const outcome = await updateProvider({ client: locals.api, path: params, body })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}?done=saved`)
  },
}
