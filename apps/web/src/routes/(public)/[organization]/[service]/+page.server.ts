import { getService } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { askParams, readAsk, withParams } from '#lib/booking/ask.ts'
import { choicesOf } from '#lib/booking/choices.ts'
import { factsOf } from '#lib/booking/facts.ts'
import { loadTimes } from '#lib/booking/load-times.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, cookies, parent }) => {
  const { organization } = await parent()
  const path = { organization: params.organization, service: params.service }
  const service = need(await getService({ client: locals.api, path }))
  const { locale } = locals
  const ask = readAsk(url, cookies, service, organization.timeZone)
  const asked = askParams(ask, service)
  const here = `/${organization.slug}/${service.slug}`
  const times = await loadTimes(url, {
    api: locals.api,
    organization: organization.slug,
    service,
    ask,
    locale,
    links: {
      slot: ({ start }) => withParams(`${here}/book`, { start, ...asked }),
      day: (date) => withParams(here, { date, ...asked }),
      month: (month) => withParams(here, { month, ...asked }),
    },
  })
  return {
    service: { name: service.name, description: service.description, facts: factsOf(service, locale) },
    here,
    earliest: withParams(here, asked),
    choices: choicesOf(service, ask, locale),
    isZoneKnown: ask.isZoneKnown,
    times,
  }
}
