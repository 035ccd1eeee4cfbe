import { getMe } from '@slotkeeper/client'
import { need } from '#lib/office/calls.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, url }) => ({
  me: need(await getMe({ client: locals.api }), url),
})
