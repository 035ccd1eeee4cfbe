import { redirect } from '@sveltejs/kit'
import { deleteService, getRequirements, getService, updateService } from '@slotkeeper/client'
import { need } from '#lib/office/calls.ts'
import { needsBeyondForm } from '#lib/office/needs-view.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { changesIn, readParts, wrongEntries } from '#lib/office/service-form.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { rights } = await parent()
  const client = locals.api
  const path = { organization: params.organization }
  const own = { ...path, service: params.id }
  const [service, parts, requirements] = await Promise.all([
    getService({ client, path: own }),
    readParts(client, path, url),
    // Who may not change it may not read it either.
    rights.manage ? getRequirements({ client, path: own }) : null,
  ])
  const named = [...parts.providers, ...parts.resources]
  return {
    service: need(service, url),
    ...parts,
    needs: requirements && needsBeyondForm(need(requirements, url), named, locals.locale),
    needsHref: requirements && `${url.pathname}/needs`,
  }
}

export const actions: Actions = {
  save: async ({ locals, params, request, url }) => {
    const client = locals.api
    const form = await request.formData()
    const { organization, id } = params
    const { currency } = need(await getService({ client, path: { organization, service: id } }), url)
    const body = changesIn(form, currency)
    const wrong = wrongEntries(form, body)
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
