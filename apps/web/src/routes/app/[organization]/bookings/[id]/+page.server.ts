import { redirect } from '@sveltejs/kit'
import { cancelMemberBooking, getMemberBooking, getService, listMessages } from '@slotkeeper/client'
import { need } from '#lib/office/calls.ts'
import { msOf } from '#lib/office/days.ts'
import { localDate } from '#lib/time/dates.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { moneyText } from '#lib/money.ts'
import { refuse } from '#lib/office/refusals.ts'
import { isActive } from '#lib/office/states.ts'
import type { Booking, Question } from '#lib/office/types.ts'
import { dateText, momentText, nowMs, timeRangeText } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const booking = need(await getMemberBooking({ client, path: { ...path, id: params.id } }), url)
  const { organization } = await parent()
  const [service, messages] = await Promise.all([
    getService({ client, path: { ...path, service: booking.service.id } }),
    listMessages({ client, path, query: { booking: booking.id } }),
  ])
  const { timeZone } = organization
  const { locale } = locals
  const date = localDate(msOf(booking.start), timeZone)
  const span = { startMs: msOf(booking.start), endMs: msOf(booking.end) }
  return {
    booking,
    isActive: isActive(booking),
    isOver: span.endMs <= nowMs(),
    date,
    day: dateText(date, locale),
    time: timeRangeText(span, timeZone, locale),
    customerTime: booking.timeZone === timeZone ? null : momentText(span.startMs, booking.timeZone, locale),
    bookedAt: momentText(msOf(booking.createdAt), timeZone, locale),
    price: booking.priceMinor === 0 ? null : moneyText(booking.priceMinor, booking.currency, locale),
    answers: answersOf(booking, service.data?.questions ?? []),
    messages: need(messages, url).items.map((message) => ({
      ...message,
      at: momentText(msOf(message.sentAt ?? message.createdAt), timeZone, locale),
    })),
  }
}

export const actions: Actions = {
  cancel: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const reason = textOf(form, 'reason')
    const outcome = await cancelMemberBooking({
      client: locals.api,
      path: { organization: params.organization, id: params.id },
      query: reason === '' ? {} : { reason },
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, `${url.pathname}?done=cancelled`)
  },
}

/** Answers in the order of the questions; those to questions that are no longer asked stand last. */
function answersOf({ answers }: Booking, questions: readonly Question[]) {
  const known = questions.filter(({ id }) => id in answers)
  const others = Object.keys(answers).filter((id) => !known.some((question) => question.id === id))
  return [...known.map(({ id, label }) => ({ id, label })), ...others.map((id) => ({ id, label: id }))].map(
    ({ id, label }) => ({ id, label, answer: answers[id] ?? '' }),
  )
}
