import { redirect } from '@sveltejs/kit'
import { createOrganization, getMe } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { need } from '#lib/office/calls.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { currencyNames, localeNames } from '#lib/ui/names.ts'
import { refuse } from '#lib/office/refusals.ts'
import { slugFrom } from '#lib/office/slug.ts'
import { getLocale } from '#lib/paraglide/runtime.js'
import { publicUrl } from '#lib/site.ts'
import { zoneNames } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

const FIRST_CURRENCY = 'EUR'
const FIRST_ZONE = 'UTC'

export const load: PageServerLoad = async ({ locals, url }) => {
  const me = need(await getMe({ client: locals.api }), url)
  const locale = getLocale()
  return {
    memberships: me.memberships,
    zones: zoneNames(FIRST_ZONE),
    currencies: currencyNames(FIRST_CURRENCY, locale),
    languages: localeNames(locale, locale),
    defaults: { currency: FIRST_CURRENCY, timeZone: FIRST_ZONE, locale },
    host: new URL(publicUrl()).host,
    idempotencyKey: newKey(),
  }
}

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const form = await request.formData()
    const name = textOf(form, 'name')
    const outcome = await createOrganization({
      client: locals.api,
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: {
        name,
        slug: textOf(form, 'slug').toLowerCase() || slugFrom(name),
        timeZone: textOf(form, 'timeZone'),
        locale: textOf(form, 'locale'),
        currency: textOf(form, 'currency'),
      },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `/setup/${outcome.data.slug}/team`)
  },
}
