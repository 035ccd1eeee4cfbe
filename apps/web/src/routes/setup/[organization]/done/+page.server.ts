import type { PageServerLoad } from './$types'

export const load: PageServerLoad = ({ params, url }) => ({ link: `${url.origin}/${params.organization}` })
