import { fail, redirect } from '@sveltejs/kit'
import { getSchedule, listProviders, updateSchedule } from '@slotkeeper/client'
import { allItems, need } from '#lib/office/calls.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { draftOf, hoursOf, readDraft } from '#lib/office/hours.ts'
import { refuse, refuseEntries, unsaved } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import { zoneNames } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [{ membership, rights }, schedule, providers] = await Promise.all([
    parent(),
    getSchedule({ client, path: { ...path, id: params.id } }),
    allItems(url, (query) => listProviders({ client, path, query })),
  ])
  const found = need(schedule, url)
  const users = providers.filter(({ scheduleId }) => scheduleId === found.id)
  return {
    schedule: { id: found.id, name: found.name, timeZone: found.timeZone },
    draft: draftOf(found),
    zones: zoneNames(found.timeZone),
    users: users.map(({ name }) => name),
    mayEdit: rights.manage || users.some(({ id }) => id === membership.providerId),
  }
}

export const actions: Actions = {
  save: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const draft = readDraft(form)
    const read = hoursOf(draft)
    if (!read.ok) {
      const errors = Object.fromEntries(read.wrong.map((name) => [name, m.office_error_hours()]))
      return fail(400, { ...refuseEntries(errors, form).data, draft, more: '' })
    }
    const outcome = await updateSchedule({
      client: locals.api,
      path: params,
      body: { name: textOf(form, 'name'), timeZone: textOf(form, 'timeZone'), ...read.hours },
    })
    if (outcome.data) redirect(303, `${url.pathname}?done=saved`)
    const refusal = refuse(outcome, form)
    return fail(refusal.status, { ...refusal.data, draft, more: '' })
  },
  /** Shows one more empty row, without saving. */
  more: async ({ request }) => {
    const form = await request.formData()
    return { ...unsaved(form), draft: readDraft(form), more: textOf(form, 'more') }
  },
}
