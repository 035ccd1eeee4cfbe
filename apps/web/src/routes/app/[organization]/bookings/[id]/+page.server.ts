import { redirect, type RequestEvent } from '@sveltejs/kit'
import {
  approveBooking,
  cancelBundle,
  cancelMemberBooking,
  changeSeats,
  checkInBooking,
  completeBooking,
  declineBooking,
  getBundle,
  getMemberBooking,
  getService,
  listMessages,
  missBooking,
  reassignBooking,
} from '@slotkeeper/client'
import { type Outcome } from '#lib/api.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { need } from '#lib/office/calls.ts'
import { msOf } from '#lib/office/days.ts'
import { localDate } from '#lib/time/dates.ts'
import { textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { moneyText } from '#lib/money.ts'
import { refuse } from '#lib/office/refusals.ts'
import { isActive } from '#lib/office/states.ts'
import { scopeIn } from '#lib/office/series.ts'
import type { Booking, Question } from '#lib/office/types.ts'
import { dateText, momentText, nowMs, timeRangeText } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad, RouteParams } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const booking = need(await getMemberBooking({ client, path: { ...path, id: params.id } }), url)
  const { organization } = await parent()
  const [service, messages, bundle] = await Promise.all([
    getService({ client, path: { ...path, service: booking.service.id } }),
    listMessages({ client, path, query: { booking: booking.id } }),
    booking.bundleId === undefined ? null : getBundle({ client, path: { ...path, id: booking.bundleId } }),
  ])
  const { timeZone } = organization
  const { locale } = locals
  const date = localDate(msOf(booking.start), timeZone)
  const span = { startMs: msOf(booking.start), endMs: msOf(booking.end) }
  return {
    booking,
    isActive: isActive(booking),
    capacity: service.data?.capacity ?? booking.seats,
    hasBegun: span.startMs <= nowMs(),
    isOver: span.endMs <= nowMs(),
    idempotencyKey: newKey(),
    date,
    day: dateText(date, locale),
    time: timeRangeText(span, timeZone, locale),
    customerTime: booking.timeZone === timeZone ? null : momentText(span.startMs, booking.timeZone, locale),
    checkedInAt: booking.checkedInAt === undefined ? null : momentText(msOf(booking.checkedInAt), timeZone, locale),
    bookedAt: momentText(msOf(booking.createdAt), timeZone, locale),
    bundle: bundle && {
      kind: need(bundle, url).kind,
      bookings: need(bundle, url).bookings.map(({ id, state, start, service: { name } }) => ({
        ...{ id, state, name },
        moment: momentText(msOf(start), timeZone, locale),
      })),
    },
    price: booking.priceMinor === 0 ? null : moneyText(booking.priceMinor, booking.currency, locale),
    answers: answersOf(booking, service.data?.questions ?? []),
    messages: need(messages, url).items.map((message) => ({
      ...message,
      at: momentText(msOf(message.sentAt ?? message.createdAt), timeZone, locale),
    })),
  }
}

type Event = RequestEvent<RouteParams>
type Call = {
  client: Event['locals']['api']
  path: { organization: string; id: string }
  headers: ReturnType<typeof keyHeader>
}

export const actions: Actions = {
  approve: (event) => change(event, (call) => approveBooking(call)),
  decline: (event) =>
    change(event, (call, form) => {
      const reason = textOf(form, 'reason')
      return declineBooking({ ...call, body: reason === '' ? {} : { reason } })
    }),
  checkIn: (event) => change(event, (call) => checkInBooking(call)),
  complete: (event) => change(event, (call) => completeBooking(call)),
  miss: (event) => change(event, (call) => missBooking(call)),
  reassign: (event) => change(event, (call) => reassignBooking({ ...call, body: {} })),
  seats: (event) =>
    change(event, (call, form) => changeSeats({ ...call, body: { seats: wholeNumberOf(form, 'seats') } })),
  cancel: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const reason = textOf(form, 'reason')
    const because = reason === '' ? {} : { reason }
    const { organization, id } = params
    const client = locals.api
    const scope = scopeIn(form)
    const outcome = scope
      ? await cancelBundle({
          client,
          path: { organization, id: textOf(form, 'bundle') },
          headers: keyHeader(textOf(form, 'idempotencyKey')),
          body: { from: id, scope, ...because },
        })
      : await cancelMemberBooking({ client, path: { organization, id }, query: because })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}?done=cancelled`)
  },
}

async function change(
  { locals, params, request, url }: Event,
  send: (call: Call, form: FormData) => Promise<Outcome<unknown>>,
) {
  const form = await request.formData()
  const headers = keyHeader(textOf(form, 'idempotencyKey'))
  const path = { organization: params.organization, id: params.id }
  const outcome = await send({ client: locals.api, path, headers }, form)
  if (!outcome.data) return refuse(outcome, form)
  redirect(303, `${url.pathname}?done=saved`)
}

/** Answers in the order of the questions; those to questions that are no longer asked stand last. */
function answersOf({ answers }: Booking, questions: readonly Question[]) {
  const known = questions.filter(({ id }) => id in answers)
  const others = Object.keys(answers).filter((id) => !known.some((question) => question.id === id))
  return [...known.map(({ id, label }) => ({ id, label })), ...others.map((id) => ({ id, label: id }))].map(
    ({ id, label }) => ({ id, label, answer: answers[id] ?? '' }),
  )
}
