import { error, fail, redirect } from '@sveltejs/kit'
import { getMemberBooking, getService, listProviders, moveBooking, moveBundle, splitBooking } from '@slotkeeper/client'
import { problemOf, type Outcome } from '#lib/api.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems, need } from '#lib/office/calls.ts'
import { instantOfWall, isDate, msOf, wallOf } from '#lib/office/days.ts'
import { localDate } from '#lib/time/dates.ts'
import { isChecked, textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { nearestTimes, picked, readFreeTimes } from '#lib/office/free-times.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { refusedTimes, scopeIn } from '#lib/office/series.ts'
import type { Booking } from '#lib/office/types.ts'
import { isActive } from '#lib/office/states.ts'
import { m } from '#lib/paraglide/messages.js'
import { dateText, nowMs, timeRangeText } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

const MS_PER_MIN = 60_000

export const load: PageServerLoad = async (event) => {
  const { locals, params, parent, url } = event
  const client = locals.api
  const path = { organization: params.organization }
  const { organization, rights } = await parent()
  if (!rights.book) error(403, m.office_error_forbidden())
  const { timeZone } = organization
  const booking = need(await getMemberBooking({ client, path: { ...path, id: params.id } }), url)
  if (!isActive(booking)) redirect(303, `/app/${params.organization}/bookings/${booking.id}`)
  const [service, providers] = await Promise.all([
    getService({ client, path: { ...path, service: booking.service.id } }),
    allItems(url, (query) => listProviders({ client, path, query })),
  ])
  const { locale } = locals
  const today = localDate(nowMs(), timeZone)
  const own = wallOf(msOf(booking.start), timeZone)
  const asked = url.searchParams.get('date')
  const soonest = own.date < today ? today : own.date
  const from = isDate(asked) && asked >= today ? asked : soonest
  const provider = url.searchParams.get('provider') ?? ''
  const duration = durationMin(booking)
  const query = {
    rescheduling: booking.id,
    seats: booking.seats,
    ...(service.data?.durationsMin.includes(duration) && { duration }),
    ...(provider !== '' && { provider }),
  }
  const place = { ...path, service: booking.service.id, timeZone }
  return {
    booking,
    idempotencyKey: newKey(),
    today,
    provider,
    own,
    team: service.data?.providers ?? [booking.provider],
    providers: providers.filter(({ active }) => active).map(({ id, name }) => ({ id, name })),
    day: dateText(own.date, locale),
    time: timeRangeText({ startMs: msOf(booking.start), endMs: msOf(booking.end) }, timeZone, locale),
    times: service.data
      ? await readFreeTimes(event, place, { from, query, team: providers, preferred: booking.provider.id, locale })
      : null,
  }
}

export const actions: Actions = {
  default: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const path = { organization: params.organization, id: params.id }
    const booking = need(await getMemberBooking({ client: locals.api, path }), url)
    const { timeZone } = booking.organization
    const choice = picked(textOf(form, 'pick')) ?? typedTime(form, timeZone)
    if (!choice) return refuseEntries({ time: m.office_error_no_such_time() }, form)
    const client = locals.api
    const refuseMove = async (outcome: Outcome<unknown>) => {
      const refusal = refuse(outcome, form)
      const providers = await allItems(url, (query) => listProviders({ client: locals.api, path: params, query }))
      const preferred = choice.provider || booking.provider.id
      const nearest = nearestTimes(refusal.data.alternatives, {
        preferred,
        team: providers,
        timeZone,
        locale: locals.locale,
      })
      const refused = refusedTimes(problemOf(outcome), timeZone, locals.locale)
      return fail(refusal.status, { ...refusal.data, nearest, refused })
    }
    const scope = scopeIn(form)
    const going = form.has('seats') ? wholeNumberOf(form, 'seats') : booking.seats
    const to = { start: choice.start, ...(choice.provider !== '' && { provider: choice.provider }) }
    if (!scope && going < booking.seats) {
      const headers = keyHeader(textOf(form, 'idempotencyKey'))
      const parted = await splitBooking({ client, path, headers, body: { ...to, seats: going } })
      if (!parted.data) return refuseMove(parted)
      redirect(303, `/app/${params.organization}/bookings/${parted.data.booking.id}?done=moved`)
    }
    const outcome = scope
      ? await moveBundle({
          client,
          path: { ...path, id: booking.bundleId ?? '' },
          headers: keyHeader(textOf(form, 'idempotencyKey')),
          body: { ...to, from: booking.id, scope },
        })
      : await moveBooking({
          client,
          path,
          body: { ...to, duration: durationMin(booking), ...(isChecked(form, 'override') && { override: true }) },
        })
    if (outcome.data) redirect(303, `/app/${params.organization}/bookings/${params.id}?done=moved`)
    return refuseMove(outcome)
  },
}

function typedTime(form: FormData, timeZone: string): { start: string; provider: string } | null {
  const start = instantOfWall(textOf(form, 'date'), textOf(form, 'time'), timeZone)
  return start === null ? null : { start, provider: textOf(form, 'provider') }
}

function durationMin({ start, end }: Booking): number {
  return (msOf(end) - msOf(start)) / MS_PER_MIN
}
