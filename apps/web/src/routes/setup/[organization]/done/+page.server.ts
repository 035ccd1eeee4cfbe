import { publicUrl } from '#lib/site.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = ({ params }) => ({ link: `${publicUrl()}/${params.organization}` })
