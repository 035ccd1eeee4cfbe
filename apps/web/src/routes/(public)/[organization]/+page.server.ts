import { listServices } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { factsOf } from '#lib/booking/facts.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const path = { organization: params.organization }
  const { items } = need(await listServices({ client: locals.api, path, query: { limit: 200 } }))
  return {
    services: items.map((service) => ({
      slug: service.slug,
      name: service.name,
      description: service.description,
      colour: service.colour,
      facts: factsOf(service, locals.locale),
    })),
  }
}
