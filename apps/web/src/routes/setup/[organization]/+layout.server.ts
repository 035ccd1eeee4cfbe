import { error } from '@sveltejs/kit'
import { getMe, getOrganization, listProviders, listSchedules, listServices } from '@slotkeeper/client'
import { allItems, need } from '#lib/office/calls.ts'
import { rightsOf } from '#lib/office/roles.ts'
import { m } from '#lib/paraglide/messages.js'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, params, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const me = need(await getMe({ client }), url)
  const membership = me.memberships.find(({ organization }) => organization === params.organization)
  if (!membership || !rightsOf(membership.role).manage) error(404, m.office_error_no_member())
  const [organization, providers, schedules, services] = await Promise.all([
    getOrganization({ client, path }),
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
    allItems(url, (query) => listServices({ client, path, query: { hidden: true, ...query } })),
  ])
  return { me, organization: need(organization, url), providers, schedules, services }
}
