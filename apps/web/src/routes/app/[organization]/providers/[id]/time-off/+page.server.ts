import { error, fail, redirect } from '@sveltejs/kit'
import {
  createProviderTimeOff,
  deleteTimeOff,
  listProviders,
  listProviderTimeOff,
  listSchedules,
  previewImpact,
} from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems } from '#lib/office/calls.ts'
import { refuse, refuseEntries, unsaved } from '#lib/office/refusals.ts'
import { timeOffIn } from '#lib/office/time-off.ts'
import { m } from '#lib/paraglide/messages.js'
import { textOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [{ membership, rights, organization }, providers, schedules, items] = await Promise.all([
    parent(),
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
    allItems(url, (query) => listProviderTimeOff({ client, path: params, query })),
  ])
  const provider = providers.find(({ id }) => id === params.id)
  if (!provider) error(404, m.office_error_not_there())
  const schedule = schedules.find(({ id }) => id === provider.scheduleId)
  return {
    provider: { id: provider.id, name: provider.name },
    timeZone: schedule?.timeZone ?? organization.timeZone,
    items,
    mayEdit: rights.manage || provider.id === membership.providerId,
    idempotencyKey: newKey(),
  }
}

export const actions: Actions = {
  add: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const { body, wrong } = timeOffIn(form, textOf(form, 'timeZone'))
    if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
    const headers = keyHeader(textOf(form, 'idempotencyKey'))
    const outcome = await createProviderTimeOff({ client: locals.api, path: params, headers, body })
    if (outcome.data) redirect(303, `${url.pathname}?done=saved`)
    return refuse(outcome, form)
  },
  /** Shows the bookings that it would leave without a place, without saving. */
  check: async ({ locals, params, request }) => {
    const form = await request.formData()
    const { body, wrong } = timeOffIn(form, textOf(form, 'timeZone'))
    if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
    const outcome = await previewImpact({
      client: locals.api,
      path: { organization: params.organization },
      body: { timeOff: { id: params.id, ...body } },
    })
    if (outcome.data) return { ...unsaved(form), impact: outcome.data }
    return refuse(outcome, form)
  },
  remove: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const path = { organization: params.organization, id: textOf(form, 'id') }
    const outcome = await deleteTimeOff({ client: locals.api, path })
    if (outcome.error === undefined) redirect(303, `${url.pathname}?done=saved`)
    const refusal = refuse(outcome, form)
    return fail(refusal.status, refusal.data)
  },
}
