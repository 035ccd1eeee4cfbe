import { listServices } from '@slotkeeper/client'
import { allItems } from '#lib/office/calls.ts'
import { moneyText } from '#lib/money.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const path = { organization: params.organization }
  const services = await allItems(url, (query) =>
    listServices({ client: locals.api, path, query: { hidden: true, ...query } }),
  )
  return {
    services: services.map((service) => ({
      ...service,
      price: service.priceMinor === 0 ? null : moneyText(service.priceMinor, service.currency, locals.locale),
    })),
  }
}
