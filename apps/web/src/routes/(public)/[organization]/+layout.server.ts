import { getOrganization } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, params }) => ({
  organization: need(await getOrganization({ client: locals.api, path: { organization: params.organization } })),
})
