import { redirect } from '@sveltejs/kit'
import { eraseCustomer, getCustomer, listBookings, updateCustomer } from '@slotkeeper/client'
import { bookingMoment } from '#lib/office/calendar.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems, need } from '#lib/office/calls.ts'
import { msOf } from '#lib/office/days.ts'
import { isChecked, textOf } from '#lib/ui/form-data.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import { momentText, nowMs } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [{ organization }, customer, bookings] = await Promise.all([
    parent(),
    getCustomer({ client, path: params }),
    allItems(url, (query) => listBookings({ client, path, query: { customer: params.id, ...query } })),
  ])
  const found = need(customer, url)
  const { locale } = locals
  const presentMs = nowMs()
  const rows = bookings.map((booking) => ({
    id: booking.id,
    state: booking.state,
    service: booking.service,
    provider: booking.provider.name,
    moment: bookingMoment(booking, organization.timeZone, locale),
    isOver: msOf(booking.end) <= presentMs,
  }))
  return {
    customer: found,
    erasedAt: found.erasedAt && momentText(msOf(found.erasedAt), organization.timeZone, locale),
    idempotencyKey: newKey(),
    since: momentText(msOf(found.createdAt), organization.timeZone, locale),
    upcoming: rows.filter(({ isOver }) => !isOver),
    past: rows.filter(({ isOver }) => isOver).reverse(),
  }
}

export const actions: Actions = {
  save: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const outcome = await updateCustomer({
      client: locals.api,
      path: params,
      body: {
        name: textOf(form, 'name'),
        email: textOf(form, 'email'),
        phone: textOf(form, 'phone') || null,
        notes: textOf(form, 'notes'),
      },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}?done=saved`)
  },
  erase: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    if (!isChecked(form, 'sure')) return refuseEntries({ sure: m.office_erase_sure_missing() }, form)
    const headers = keyHeader(textOf(form, 'idempotencyKey'))
    const outcome = await eraseCustomer({ client: locals.api, path: params, headers })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}?done=erased`)
  },
}
