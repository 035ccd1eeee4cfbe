import { error } from '@sveltejs/kit'
import { getOrganization } from '@slotkeeper/client'
import { need } from '#lib/office/calls.ts'
import { rightsOf } from '#lib/office/roles.ts'
import { m } from '#lib/paraglide/messages.js'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, params, parent, url }) => {
  const { me } = await parent()
  const membership = me.memberships.find(({ organization }) => organization === params.organization)
  if (!membership) error(404, m.office_error_no_member())
  const path = { organization: params.organization }
  const organization = need(await getOrganization({ client: locals.api, path }), url)
  return { organization, membership, rights: rightsOf(membership.role) }
}
