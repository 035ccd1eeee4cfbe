import { error, redirect } from '@sveltejs/kit'
import { createService, getOrganization } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { need } from '#lib/office/calls.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { readParts, serviceIn, wrongEntries } from '#lib/office/service-form.ts'
import { slugFrom } from '#lib/office/slug.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { rights } = await parent()
  if (!rights.manage) error(403, m.office_error_forbidden())
  const path = { organization: params.organization }
  return { ...(await readParts(locals.api, path, url)), idempotencyKey: newKey() }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const client = locals.api
    const path = { organization: params.organization }
    const form = await request.formData()
    const { currency } = need(await getOrganization({ client, path }), url)
    const body = serviceIn(form, currency)
    const wrong = wrongEntries(form, body)
    if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
    const outcome = await createService({
      client,
      path,
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: { ...body, slug: body.slug || slugFrom(body.name), currency },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `/app/${params.organization}/services/${outcome.data.id}?done=saved`)
  },
}
