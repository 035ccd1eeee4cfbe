import { redirect } from '@sveltejs/kit'
import type { PageServerLoad } from './$types'

/** Leads to the first step that is not done. */
export const load: PageServerLoad = async ({ params, parent }) => {
  const { providers, services } = await parent()
  const step = providers.length === 0 ? 'team' : services.length === 0 ? 'hours' : 'done'
  redirect(303, `/setup/${params.organization}/${step}`)
}
