import { getOrganization } from '@slotkeeper/client'
import { signUpMode } from '#lib/site.ts'
import type { PageServerLoad } from './$types'

/** The made-up business that a new installation begins with; it may have been left out. */
export const load: PageServerLoad = async ({ locals }) => {
  const { data } = await getOrganization({ client: locals.api, path: { organization: 'demo' } })
  return { demo: data?.name, maySignUp: signUpMode() !== 'invited' }
}
