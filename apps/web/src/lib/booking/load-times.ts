import { listSlots, type Client } from '@slotkeeper/client'
import { need } from '#lib/api.ts'
import { m } from '#lib/paraglide/messages.js'
import { addDays, isDate, isMonth, localDate, monthOf } from '#lib/time/dates.ts'
import { momentText } from '#lib/time/format.ts'
import { nowMs } from '#lib/time/calendar.ts'
import type { Ask } from './ask.ts'
import { datesOf, lastDateOf, viewTimes, type Look, type TimesLinks, type TimesView } from './times.ts'
import type { Service, Slots } from './types.ts'

type Wish = {
  api: Client
  organization: string
  service: Service
  ask: Ask
  /** a booking that is to be moved, with the token of its link */
  moving?: { id: string; token: string }
  links: TimesLinks
  locale: string
}

/**
 * Reads and lays out the free times that an address asks for: `date` or `month`, or by default the first free ones.
 * @throws the API's own status and sentence when it refuses
 */
export async function loadTimes(url: URL, wish: Wish): Promise<TimesView> {
  const today = localDate(nowMs(), wish.ask.timeZone)
  const lastDate = lastDateOf(wish.service, today)
  const asked = readLook(url, today, lastDate)
  let look = asked ?? { month: monthOf(today), date: undefined, today }
  let slots = await readSlots(wish, datesOf(look))
  if (!asked && slots.next) {
    look = { ...look, month: monthOf(localDate(slots.next, wish.ask.timeZone)) }
    slots = await readSlots(wish, datesOf(look))
  }
  const view = viewTimes(slots, look, { ...wish, lastDate })
  if (view.days.length > 0) return view
  const { to } = datesOf(look)
  const next =
    slots.next === undefined ? (await readSlots(wish, { from: addDays(to, 1), to: addDays(to, 1) })).next : slots.next
  if (!next) return view
  const date = localDate(next, wish.ask.timeZone)
  const text = m.public_next_free({ time: momentText(next, wish.ask.timeZone, wish.locale) })
  return { ...view, nextFree: { text, href: wish.links.day(date) } }
}

function readLook(url: URL, today: string, lastDate: string): Look | undefined {
  const date = url.searchParams.get('date') ?? ''
  if (isDate(date) && date >= today && date <= lastDate) return { month: monthOf(date), date, today }
  const month = url.searchParams.get('month') ?? ''
  const isOpen = isMonth(month) && month >= monthOf(today) && month <= monthOf(lastDate)
  return isOpen ? { month, date: undefined, today } : undefined
}

async function readSlots(
  { api, organization, service, ask, moving }: Wish,
  dates: { from: string; to: string },
): Promise<Slots> {
  return need(
    await listSlots({
      client: api,
      path: { organization, service: service.slug },
      query: {
        ...dates,
        timeZone: ask.timeZone,
        duration: ask.durationMin,
        seats: ask.seats,
        ...(ask.providerId !== undefined && { provider: ask.providerId }),
        ...(moving && { rescheduling: moving.id, token: moving.token }),
      },
    }),
  )
}
