import { getBooking, getService, rescheduleBooking, splitByLink, type Client } from '@slotkeeper/client'
import { redirect } from '@sveltejs/kit'
import { need, type Outcome } from '#lib/api.ts'
import { withParams, type Ask } from '#lib/booking/ask.ts'
import { choicesOf, listsOf } from '#lib/booking/choices.ts'
import { loadTimes } from '#lib/booking/load-times.ts'
import { findReason } from '#lib/booking/reasons.ts'
import { refuseBooking } from '#lib/booking/refusal.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { instantMs, isZone, minutesBetween } from '#lib/time/dates.ts'
import { fullDayText, timeRangeText, zoneText } from '#lib/time/format.ts'
import type { Actions, PageServerLoad } from './$types'

/** The parameter of an address that does not mind who serves the booking. */
const ANYONE = 'any'

export const load: PageServerLoad = async ({ locals, url, parent }) => {
  const { booking, token, links } = await parent()
  const { locale } = locals
  const path = { organization: booking.organization.slug, service: booking.service.id }
  const service = need(await getService({ client: locals.api, path }))
  const asked = url.searchParams.get('tz') ?? ''
  const provider = url.searchParams.get('provider') ?? booking.provider.id
  const ask: Ask = {
    timeZone: isZone(asked) ? asked : booking.timeZone,
    isZoneKnown: true,
    providerId: service.providers.find(({ id }) => id === provider)?.id,
    durationMin: minutesBetween(booking.start, booking.end),
    seats: booking.seats,
  }
  const kept = { token, tz: ask.timeZone, provider: ask.providerId ?? ANYONE }
  const here = `/booking/${booking.id}/reschedule`
  const picked = url.searchParams.get('start') ?? ''
  if (instantMs(picked) !== undefined) {
    const idempotencyKey = newKey()
    return { picked: pickedOf(picked, ask, locale), back: withParams(here, kept), idempotencyKey }
  }
  const times = await loadTimes(url, {
    api: locals.api,
    organization: booking.organization.slug,
    service,
    ask,
    moving: { id: booking.id, token },
    locale,
    links: {
      slot: ({ start }) => withParams(here, { start, ...kept }),
      day: (date) => withParams(here, { date, ...kept }),
      month: (month) => withParams(here, { month, ...kept }),
    },
  })
  const { providers, zones } = choicesOf(service, ask, locale)
  return {
    times,
    choices: listsOf({ providers, zones }, ANYONE),
    here,
    keep: { token },
    earliest: withParams(here, kept),
    back: links.booking,
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const token = url.searchParams.get('token') ?? ''
    const provider = textOf(form, 'provider')
    const other = textOf(form, 'other')
    const wanted = { start: other === '' ? textOf(form, 'start') : other, ...(provider !== '' && { provider }) }
    const own = { path: { id: params.id }, query: { token } }
    const client = locals.api
    const zone = url.searchParams.get('tz') ?? ''
    const refuseMove = (outcome: Outcome<unknown>) =>
      refuseBooking(outcome, form, {
        timeZone: isZone(zone) ? zone : 'UTC',
        locale: locals.locale,
        findReason: () => findMovingReason(client, own, wanted),
      })
    const going = wholeNumberOf(form, 'seats')
    const staying = wholeNumberOf(form, 'of') - going
    if (staying > 0) {
      const headers = keyHeader(textOf(form, 'idempotencyKey'))
      const parted = await splitByLink({ client, ...own, headers, body: { ...wanted, seats: going } })
      if (!parted.data) return refuseMove(parted)
      redirect(303, withParams(`/booking/${parted.data.booking.id}`, { token: parted.data.token, moved: '1' }))
    }
    const outcome = await rescheduleBooking({ client, ...own, body: wanted })
    if (!outcome.data) return refuseMove(outcome)
    redirect(303, withParams(`/booking/${params.id}`, { token, moved: '1' }))
  },
}

async function findMovingReason(
  client: Client,
  own: { path: { id: string }; query: { token: string } },
  wanted: { start: string; provider?: string },
) {
  const { data: booking } = await getBooking({ client, ...own })
  if (!booking) return undefined
  const path = { organization: booking.organization.slug, service: booking.service.id }
  const query = { ...wanted, duration: minutesBetween(booking.start, booking.end), seats: booking.seats }
  return findReason(client, { path, query }, { isMoving: true })
}

function pickedOf(start: string, { timeZone, durationMin, providerId }: Ask, locale: string) {
  const end = new Date(Date.parse(start) + durationMin * 60_000).toISOString()
  return {
    start,
    providerId,
    day: fullDayText(start, timeZone, locale),
    time: timeRangeText({ start, end }, timeZone, locale),
    zone: zoneText(timeZone, start, locale),
  }
}
