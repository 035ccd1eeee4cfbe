import { listSlots, type ListSlotsData } from '@slotkeeper/client'
import type { RequestEvent } from '@sveltejs/kit'
import { dateRangeText, dateText, momentText, timeText } from '#lib/time/calendar.ts'
import { need } from './calls.ts'
import { instantOf, msOf } from './days.ts'
import { addDays, localDate } from '#lib/time/dates.ts'
import type { Alternative } from './types.ts'

export type FreeTime = {
  start: string
  label: string
  provider: string
  providerName: string
  seatsLeft: number | null
}
/** A time in place of a refused one: when, with whom, and both in words. */
export type NearestTime = { start: string; provider: string; label: string; note: string }
export type FreeTimes = {
  from: string
  previous: string
  next: string
  heading: string
  days: { date: string; heading: string; times: FreeTime[] }[]
  /** where the next free time is, when the week has none */
  nextFree: string | null
}

type Query = Omit<ListSlotsData['query'], 'from' | 'to' | 'timeZone'>
type Place = { organization: string; service: string; timeZone: string }
type Team = readonly { id: string; name: string }[]

const DAYS_SHOWN = 7

/**
 * Lists a week of free times for the back office, in the zone of the business.
 * @param preferred  the provider to keep, where they are free
 */
export async function readFreeTimes(
  { locals, url }: Pick<RequestEvent, 'locals' | 'url'>,
  { organization, service, timeZone }: Place,
  {
    from,
    query,
    team,
    preferred,
    locale,
  }: { from: string; query: Query; team: Team; preferred: string; locale: string },
): Promise<FreeTimes> {
  const to = addDays(from, DAYS_SHOWN - 1)
  const path = { organization, service }
  const asked = { ...query, from, to, timeZone }
  const slots = need(await listSlots({ client: locals.api, path, query: asked }), url)
  const named = (id: string) => team.find((provider) => provider.id === id)?.name ?? ''
  return {
    from,
    previous: addDays(from, -DAYS_SHOWN),
    next: addDays(from, DAYS_SHOWN),
    heading: dateRangeText(from, to, locale),
    nextFree: slots.next ? localDate(msOf(slots.next), timeZone) : null,
    days: slots.days
      .filter((day) => day.slots.length > 0)
      .map((day) => ({
        date: day.date,
        heading: dateText(day.date, locale),
        times: day.slots.map(({ start, providers, seatsLeft }) => {
          const provider = providers.includes(preferred) ? preferred : (providers[0] ?? '')
          const label = timeText(msOf(start), timeZone, locale)
          return {
            start: instantOf(msOf(start)),
            label,
            provider,
            providerName: named(provider),
            seatsLeft: seatsLeft ?? null,
          }
        }),
      })),
  }
}

/** The value of a button that picks a time with somebody. */
export function pickValue({ start, provider }: { start: string; provider: string }): string {
  return `${start} ${provider}`
}

/** What such a button said; null when nothing was picked. */
export function picked(value: string): { start: string; provider: string } | null {
  const [start = '', provider = ''] = value.split(' ')
  return start === '' ? null : { start, provider }
}

/** The times that the API proposes in place of a refused one, each with somebody who is free. */
export function nearestTimes(
  alternatives: readonly Alternative[],
  { preferred, team, timeZone, locale }: { preferred: string; team: Team; timeZone: string; locale: string },
): NearestTime[] {
  return alternatives.map(({ start, providers }) => {
    const provider = providers.includes(preferred) ? preferred : (providers[0] ?? '')
    return {
      start: instantOf(msOf(start)),
      provider,
      label: momentText(msOf(start), timeZone, locale),
      note: team.find(({ id }) => id === provider)?.name ?? '',
    }
  })
}
