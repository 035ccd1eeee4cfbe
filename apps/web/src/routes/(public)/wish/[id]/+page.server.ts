import { declineOffer, getService, getWish, takeOffer, withdrawByLink } from '@slotkeeper/client'
import { redirect, type RequestEvent } from '@sveltejs/kit'
import { need, type Outcome } from '#lib/api.ts'
import { answersOf } from '#lib/booking/answers.ts'
import { withParams } from '#lib/booking/ask.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { offerFacts, wishFacts } from '#lib/booking/wish.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { textOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad, RouteParams } from './$types'

/** The wish that the address names, for whoever has the token of its link. Looking at an offer takes nothing. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const token = tokenOf(url)
  const wish = need(await getWish({ client: locals.api, path: params, query: { token } }))
  const { organization } = wish
  const questions = wish.offer && wish.earlierThan === null ? await questionsOf({ locals }, wish) : []
  return {
    wish,
    token,
    organization: { ...organization, accent: undefined },
    facts: wishFacts(wish, locals.locale),
    offer: offerFacts(wish, locals.locale),
    questions,
    idempotencyKey: newKey(),
  }
}

type Event = RequestEvent<RouteParams>
type Asked = { organization: { slug: string }; service: { slug: string } }

async function questionsOf({ locals }: Pick<Event, 'locals'>, { organization, service }: Asked) {
  const path = { organization: organization.slug, service: service.slug }
  // A service that is no longer offered has none; what the page says of the wish is true all the same.
  return (await getService({ client: locals.api, path })).data?.questions ?? []
}

export const actions: Actions = {
  take: async (event) => {
    const { locals, params, url } = event
    const form = await event.request.formData()
    const call = callOf(event, form)
    const wish = need(await getWish({ client: locals.api, path: params, query: { token: tokenOf(url) } }))
    const answers = wish.earlierThan === null ? answersOf(form, { questions: await questionsOf(event, wish) }) : {}
    const outcome = await takeOffer({ ...call, body: Object.keys(answers).length > 0 ? { answers } : {} })
    if (!outcome.data) return refuseBooking(outcome, form, { timeZone: wish.timeZone, locale: locals.locale })
    const { pathname, searchParams } = new URL(outcome.data.manageUrl)
    const told = wish.earlierThan === null ? 'new' : 'moved'
    redirect(303, withParams(pathname, { token: searchParams.get('token') ?? '', [told]: '1' }))
  },
  decline: (event) => answer(event, declineOffer),
  withdraw: (event) => answer(event, withdrawByLink),
}

async function answer(event: Event, send: (call: ReturnType<typeof callOf>) => Promise<Outcome<unknown>>) {
  const form = await event.request.formData()
  const outcome = await send(callOf(event, form))
  if (!outcome.data) return refuseBooking(outcome, form, { timeZone: 'UTC', locale: event.locals.locale })
  redirect(303, withParams(`/wish/${event.params.id}`, { token: tokenOf(event.url) }))
}

function callOf({ locals, params, url }: Event, form: FormData) {
  return {
    ...{ client: locals.api, path: { id: params.id }, query: { token: tokenOf(url) } },
    headers: keyHeader(textOf(form, 'idempotencyKey')),
  }
}

/** Without a token the API says what is wrong with the link. */
function tokenOf(url: URL): string {
  return url.searchParams.get('token') || '-'
}
