import { redirect } from '@sveltejs/kit'
import { deleteService, getService, updateService } from '@slotkeeper/client'
import { need } from '#lib/office/calls.ts'
import { noNumbers, refuse, refuseEntries } from '#lib/office/refusals.ts'
import { readParts, serviceIn } from '#lib/office/service-form.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const path = { organization: params.organization }
  const [service, parts] = await Promise.all([
    getService({ client: locals.api, path: { ...path, service: params.id } }),
    readParts(locals.api, path, url),
  ])
  return { service: need(service, url), ...parts }
}

export const actions: Actions = {
  save: async ({ locals, params, request, url }) => {
    const client = locals.api
    const form = await request.formData()
    const { organization, id } = params
    const { currency } = need(await getService({ client, path: { organization, service: id } }), url)
    const body = serviceIn(form, currency)
    const wrong = noNumbers(body)
    if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
    const outcome = await updateService({ client, path: { organization, service: id }, body })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}?done=saved`)
  },
  archive: async ({ locals, params, request }) => {
    const form = await request.formData()
    const { organization, id } = params
    const outcome = await deleteService({ client: locals.api, path: { organization, service: id } })
    if (outcome.error !== undefined) return refuse(outcome, form)
    redirect(303, `/app/${organization}/services?done=archived`)
  },
}
