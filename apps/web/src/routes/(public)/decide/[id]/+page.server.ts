import { approveByLink, declineByLink, getRequest } from '@slotkeeper/client'
import { redirect, type RequestEvent } from '@sveltejs/kit'
import { need, type Outcome } from '#lib/api.ts'
import { withParams } from '#lib/booking/ask.ts'
import { factsOf } from '#lib/booking/booking-facts.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { textOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad, RouteParams } from './$types'

/** The request that the address names, for whoever has the token of the link in the mail to the provider. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const booking = need(await getRequest({ client: locals.api, path: params, query: { token: tokenOf(url) } }))
  const { organization } = booking
  return {
    booking,
    token: tokenOf(url),
    organization: { ...organization, accent: undefined },
    facts: factsOf({ ...booking, timeZone: organization.timeZone }, locals.locale),
  }
}

type Event = RequestEvent<RouteParams>
type Call = { client: Event['locals']['api']; path: { id: string }; query: { token: string } }

export const actions: Actions = {
  approve: (event) => decide(event, (call) => approveByLink(call)),
  decline: (event) =>
    decide(event, (call, reason) => declineByLink({ ...call, body: reason === '' ? {} : { reason } })),
}

async function decide(
  { locals, params, request, url }: Event,
  send: (call: Call, reason: string) => Promise<Outcome<unknown>>,
) {
  const form = await request.formData()
  const token = tokenOf(url)
  const outcome = await send({ client: locals.api, path: params, query: { token } }, textOf(form, 'reason'))
  if (!outcome.data) return refuseBooking(outcome, form, { timeZone: 'UTC', locale: locals.locale })
  redirect(303, withParams(`/decide/${params.id}`, { token }))
}

/** Without a token the API says what is wrong with the link. */
function tokenOf(url: URL): string {
  return url.searchParams.get('token') || '-'
}
