import { error, fail, redirect } from '@sveltejs/kit'
import { putRequirements } from '@slotkeeper/client'
import { changedNeeds } from '#lib/office/needs-changes.ts'
import { entryErrors, readNeeds } from '#lib/office/needs-page.ts'
import { draftOf, needsOf, readDraft } from '#lib/office/needs.ts'
import { refuse } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import { problemOf } from '#lib/api.ts'
import { textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { rights } = await parent()
  if (!rights.manage) error(403, m.office_error_forbidden())
  const path = { organization: params.organization, service: params.id }
  const { service, requirements, options } = await readNeeds(locals.api, path, url)
  return { service, options, draft: draftOf(requirements) }
}

export const actions: Actions = {
  save: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const draft = readDraft(form)
    const read = needsOf(draft)
    const typed = { draft, focus: '' }
    if (!read.ok) return fail(400, { ...typed, message: m.office_error_invalid(), errors: read.errors })
    const path = { organization: params.organization, service: params.id }
    const outcome = await putRequirements({ client: locals.api, path, body: read.requirements })
    if (outcome.data) redirect(303, `${url.pathname}?done=saved`)
    const { status, data } = refuse(outcome, form)
    return fail(status, { ...typed, message: data.message, errors: entryErrors(problemOf(outcome)) })
  },
  /** Adds, removes or moves a part of the form, without saving. */
  change: async ({ request }) => {
    const form = await request.formData()
    const changed = changedNeeds(readDraft(form), textOf(form, 'change'), wholeNumberOf(form, 'lengthMin'))
    return { ...changed, message: '', errors: {} }
  },
}
