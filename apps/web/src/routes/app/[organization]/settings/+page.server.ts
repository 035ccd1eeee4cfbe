import { error, redirect } from '@sveltejs/kit'
import { updateOrganization } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { currencyNames, localeNames } from '#lib/ui/names.ts'
import { refuse } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { zoneNames } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ parent }) => {
  const { organization, rights } = await parent()
  if (!rights.administer) error(403, m.office_error_forbidden())
  return {
    zones: zoneNames(organization.timeZone),
    currencies: currencyNames(organization.currency, getLocale()),
    languages: localeNames(organization.locale, getLocale()),
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const outcome = await updateOrganization({
      client: locals.api,
      path: params,
      body: {
        name: textOf(form, 'name'),
        description: textOf(form, 'description'),
        timeZone: textOf(form, 'timeZone'),
        locale: textOf(form, 'locale'),
        currency: textOf(form, 'currency'),
        accent: textOf(form, 'accent').toLowerCase(),
      },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}?done=saved`)
  },
}
