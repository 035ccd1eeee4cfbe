import { getService, listServices } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { actionOf, askParams, readAsk, withParams } from '#lib/booking/ask.ts'
import { choicesOf, listsOf } from '#lib/booking/choices.ts'
import { factsOf } from '#lib/booking/facts.ts'
import { loadTimes } from '#lib/booking/load-times.ts'
import type { Service } from '#lib/booking/types.ts'
import { visitParams, visitPath, withPairs } from '#lib/booking/visit.ts'
import type { PageServerLoad } from './$types'

/** Among so many services of the business another one is looked for that goes along. */
const LOOKED_AT = 20

export const load: PageServerLoad = async ({ locals, params, url, cookies, parent }) => {
  const { organization } = await parent()
  const path = { organization: params.organization, service: params.service }
  const service = need(await getService({ client: locals.api, path }))
  const { locale } = locals
  const ask = readAsk(url, cookies, service, organization.timeZone)
  const asked = askParams(ask, service)
  const here = `/${organization.slug}/${service.slug}`
  const { items } = need(await listServices({ client: locals.api, path, query: { limit: LOOKED_AT } }))
  const visit = { ...ask, parts: [{ service, durationMin: ask.durationMin, providerId: ask.providerId }] }
  const times = await loadTimes(url, {
    api: locals.api,
    organization: organization.slug,
    service,
    ask,
    locale,
    links: {
      slot: ({ start }) => actionOf(`${here}/book`, 'hold', { start, ...asked }),
      day: (date) => withParams(here, { date, ...asked }),
      month: (month) => withParams(here, { month, ...asked }),
    },
  })
  return {
    service: { name: service.name, description: service.description, facts: factsOf(service, locale) },
    here,
    earliest: withParams(here, asked),
    wait: withParams(`${here}/wait`, asked),
    visit: goesAlong(service, items) ? withPairs(visitPath(organization.slug, visit), visitParams(visit)) : undefined,
    choices: listsOf(choicesOf(service, ask, locale)),
    isZoneKnown: ask.isZoneKnown,
    times,
  }
}

/** Groups are booked by themselves. */
function goesAlong({ id, capacity }: Service, services: Service[]): boolean {
  return capacity === 1 && services.some((other) => other.id !== id && other.capacity === 1)
}
