import { askParams, withParams } from '#lib/booking/ask.ts'
import { viewParts } from '#lib/booking/visit-form.ts'
import { loadVisitDays } from '#lib/booking/visit-times.ts'
import { readVisit, SERVICES_MAX, visitParams, visitPath, withPairs } from '#lib/booking/visit.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, cookies, parent }) => {
  const { organization } = await parent()
  const { slug, timeZone } = organization
  const wish = await readVisit({ api: locals.api, url, cookies, params }, timeZone)
  const { parts, services } = wish
  const [first] = parts
  const here = visitPath(slug, wish)
  const date = url.searchParams.get('date') ?? ''
  const { locale } = locals
  const shown = { api: locals.api, organization: slug, wish, date, locale }
  return {
    here,
    parts: viewParts(wish, slug, locale),
    more: parts.length < SERVICES_MAX ? services.map(({ slug: value, name: label }) => ({ value, label })) : [],
    keep: { ...(wish.isZoneKnown && { tz: wish.timeZone }) },
    isZoneKnown: wish.isZoneKnown,
    back: first && {
      href: withParams(`/${slug}/${first.service.slug}`, askParams({ ...wish, ...first, seats: 1 }, first.service)),
      name: first.service.name,
    },
    earliest: withPairs(here, visitParams(wish)),
    times: parts.length > 1 ? await loadVisitDays(shown) : undefined,
  }
}
