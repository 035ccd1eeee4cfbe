import { listCustomers } from '@slotkeeper/client'
import { need } from '#lib/office/calls.ts'
import { withParams } from '#lib/office/links.ts'
import type { PageServerLoad } from './$types'

const PAGE_SIZE = 50

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const q = url.searchParams.get('q')?.trim() ?? ''
  const cursor = url.searchParams.get('cursor')
  const page = need(
    await listCustomers({
      client: locals.api,
      path: { organization: params.organization },
      query: { limit: PAGE_SIZE, ...(q !== '' && { q }), ...(cursor !== null && { cursor }) },
    }),
    url,
  )
  return {
    q,
    customers: page.items,
    first: cursor === null ? null : withParams(url, { cursor: null }),
    next: page.nextCursor === undefined ? null : withParams(url, { cursor: page.nextCursor }),
  }
}
