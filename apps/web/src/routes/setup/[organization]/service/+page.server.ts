import { redirect } from '@sveltejs/kit'
import { createService, getOrganization, listProviders } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems, need } from '#lib/office/calls.ts'
import { textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { minorOf } from '#lib/money.ts'
import { noNumbers, refuse, refuseEntries } from '#lib/office/refusals.ts'
import { slugFrom } from '#lib/office/slug.ts'
import type { Actions, PageServerLoad } from './$types'

const SLUG_OF_NAMELESS = 'appointment'

export const load: PageServerLoad = async ({ params, parent }) => {
  const { providers } = await parent()
  if (providers.length === 0) redirect(303, `/setup/${params.organization}/team`)
  return { idempotencyKey: newKey() }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const client = locals.api
    const path = { organization: params.organization }
    const form = await request.formData()
    const [organization, providers] = await Promise.all([
      getOrganization({ client, path }),
      allItems(url, (query) => listProviders({ client, path, query })),
    ])
    const { currency } = need(organization, url)
    const name = textOf(form, 'name')
    const numbers = {
      durationsMin: [wholeNumberOf(form, 'durationsMin')],
      priceMinor: minorOf(textOf(form, 'priceMinor') || '0', currency),
      bufferBeforeMin: wholeNumberOf(form, 'bufferBeforeMin'),
      bufferAfterMin: wholeNumberOf(form, 'bufferAfterMin'),
    }
    const wrong = noNumbers(numbers)
    if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
    const outcome = await createService({
      client,
      path,
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: {
        ...numbers,
        name,
        currency,
        slug: slugFrom(name) || SLUG_OF_NAMELESS,
        providers: providers.filter(({ active }) => active).map(({ id }) => id),
      },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `/setup/${params.organization}/done`)
  },
}
