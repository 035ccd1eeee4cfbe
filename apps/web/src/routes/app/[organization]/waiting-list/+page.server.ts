import { redirect } from '@sveltejs/kit'
import { listWishes, withdrawWish } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { need } from '#lib/office/calls.ts'
import { msOf } from '#lib/office/days.ts'
import { withParams } from '#lib/office/links.ts'
import { refuse } from '#lib/office/refusals.ts'
import { listLinks, listQuery } from '#lib/office/state-list.ts'
import type { Wish } from '#lib/office/types.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { m } from '#lib/paraglide/messages.js'
import { clockText, dateRangeText, momentText, weekdayText } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

const STATES: readonly Wish['state'][] = ['waiting', 'offered', 'taken', 'withdrawn', 'expired']
const WHOLE_WEEK = 7

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organization } = await parent()
  const page = need(
    await listWishes({
      client: locals.api,
      path: { organization: params.organization },
      query: listQuery(url, STATES),
    }),
    url,
  )
  const moment = (instant: string) => momentText(msOf(instant), organization.timeZone, locals.locale)
  return {
    ...listLinks(url, STATES, page.nextCursor),
    idempotencyKey: newKey(),
    wishes: page.items.map(({ id, state: stands, customerId, customer, service, offers, ...wish }) => ({
      ...{ id, state: stands, customerId, customer, service: service.name },
      since: moment(wish.createdAt),
      wanted: wantedOf(wish, locals.locale, moment),
      offers: offers.map(({ start, expiresAt, provider, state: became }) => ({
        ...{ start, became, provider: provider.name, at: moment(start), until: moment(expiresAt) },
      })),
    })),
  }
}

type Wanted = Pick<Wish, 'from' | 'until' | 'weekdays' | 'fromTime' | 'untilTime' | 'providers' | 'earlierThan'>

/** When somebody could come, and to whom. */
function wantedOf(wish: Wanted, locale: string, moment: (instant: string) => string): string[] {
  const { from, until, weekdays, fromTime, untilTime, providers, earlierThan } = wish
  const list = new Intl.ListFormat(locale, { type: 'disjunction' })
  const hours = { from: clockText(fromTime, locale), until: clockText(untilTime, locale) }
  return [
    ...(earlierThan === null ? [] : [m.office_wish_earlier({ time: moment(earlierThan) })]),
    dateRangeText(from, until, locale),
    ...(weekdays.length === WHOLE_WEEK ? [] : [list.format(weekdays.map((weekday) => weekdayText(weekday, locale)))]),
    ...(fromTime === '00:00' && untilTime === '24:00' ? [] : [m.office_wish_hours(hours)]),
    ...(providers.length === 0 ? [] : [list.format(providers.map(({ name }) => name))]),
  ]
}

export const actions: Actions = {
  withdraw: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const id = textOf(form, 'id')
    const outcome = await withdrawWish({
      client: locals.api,
      path: { organization: params.organization, id },
      headers: keyHeader(`${textOf(form, 'idempotencyKey')}.${id}`),
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, withParams(url, { done: 'saved', '/withdraw': null }))
  },
}
