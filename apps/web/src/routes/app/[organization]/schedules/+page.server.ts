import { redirect } from '@sveltejs/kit'
import { createSchedule, getOrganization, listProviders, listSchedules } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems, need } from '#lib/office/calls.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { refuse } from '#lib/office/refusals.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [providers, schedules] = await Promise.all([
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
  ])
  return {
    idempotencyKey: newKey(),
    schedules: schedules.map(({ id, name, timeZone }) => ({
      id,
      name,
      timeZone,
      providers: providers.filter(({ scheduleId, active }) => active && scheduleId === id).map((one) => one.name),
    })),
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const client = locals.api
    const form = await request.formData()
    const path = { organization: params.organization }
    const { timeZone } = need(await getOrganization({ client, path }), url)
    const outcome = await createSchedule({
      client,
      path,
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: { name: textOf(form, 'name'), timeZone, weekly: [] },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}/${outcome.data.id}`)
  },
}
