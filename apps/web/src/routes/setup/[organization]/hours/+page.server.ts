import { error, fail, redirect } from '@sveltejs/kit'
import { updateSchedule } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { draftOf, hoursOf, readDraft } from '#lib/office/hours.ts'
import { refuse, refuseEntries, unsaved } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ parent }) => {
  const { schedules } = await parent()
  const [schedule] = schedules
  if (!schedule) error(404, m.office_error_not_there())
  return { scheduleId: schedule.id, draft: draftOf({ weekly: schedule.weekly, overrides: [] }) }
}

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const form = await request.formData()
    const draft = readDraft(form)
    const read = hoursOf(draft)
    if (!read.ok) {
      const errors = Object.fromEntries(read.wrong.map((name) => [name, m.office_error_hours()]))
      return fail(400, { ...refuseEntries(errors, form).data, draft, more: '' })
    }
    const outcome = await updateSchedule({
      client: locals.api,
      path: { organization: params.organization, id: textOf(form, 'scheduleId') },
      body: { weekly: read.hours.weekly },
    })
    if (outcome.data) redirect(303, `/setup/${params.organization}/service`)
    const refusal = refuse(outcome, form)
    return fail(refusal.status, { ...refusal.data, draft, more: '' })
  },
  /** Shows one more empty row, without saving. */
  more: async ({ request }) => {
    const form = await request.formData()
    return { ...unsaved(form), draft: readDraft(form), more: textOf(form, 'more') }
  },
}
