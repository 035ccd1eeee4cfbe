import { listProviders, listSchedules } from '@slotkeeper/client'
import { allItems } from '#lib/office/calls.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [providers, schedules] = await Promise.all([
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
  ])
  return {
    providers: providers.map((provider) => ({
      ...provider,
      schedule: schedules.find(({ id }) => id === provider.scheduleId)?.name ?? '',
    })),
  }
}
