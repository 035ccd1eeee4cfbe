import type { PageServerLoad } from './$types'

export const load: PageServerLoad = ({ url }) => ({
  isNew: url.searchParams.has('new'),
  isMoved: url.searchParams.has('moved'),
})
