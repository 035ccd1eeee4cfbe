import { redirect } from '@sveltejs/kit'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ parent }) => {
  const { me } = await parent()
  const [first, ...others] = me.memberships
  if (!first) redirect(303, '/setup')
  if (others.length === 0) redirect(303, `/app/${first.organization}`)
}
