import { fail, redirect } from '@sveltejs/kit'
import {
  getSchedule,
  listHolidayCountries,
  listProviders,
  previewHolidays,
  previewImpact,
  updateSchedule,
  type Client,
} from '@slotkeeper/client'
import { allItems, need } from '#lib/office/calls.ts'
import { draftOf, hoursOf, readDraft } from '#lib/office/hours.ts'
import { refuse, refuseEntries, unsaved } from '#lib/office/refusals.ts'
import { exceptionRows, exceptionsIn } from '#lib/office/schedule-exceptions.ts'
import type { Impact, Schedule } from '#lib/office/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { nowMs, zoneNames } from '#lib/time/calendar.ts'
import { localDate } from '#lib/time/dates.ts'
import { textOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad } from './$types'

/** So many of the next public holidays are shown. */
const NEXT_COUNT = 6

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [{ membership, rights }, schedule, providers, countries] = await Promise.all([
    parent(),
    getSchedule({ client, path: { ...path, id: params.id } }),
    allItems(url, (query) => listProviders({ client, path, query })),
    listHolidayCountries({ client, query: { locale: getLocale() } }),
  ])
  const found = need(schedule, url)
  const places = need(countries, url).items
  const users = providers.filter(({ scheduleId }) => scheduleId === found.id)
  const { country = '', region = '' } = found.holidays ?? {}
  return {
    schedule: { id: found.id, name: found.name, timeZone: found.timeZone },
    draft: draftOf(found),
    ...exceptionRows(found),
    ...{ country, region },
    countries: places.map(({ code, name }) => ({ value: code, label: name })),
    regions: regionsOf(places, country),
    next: found.holidays ? await nextHolidays(client, path, found) : [],
    zones: zoneNames(found.timeZone),
    users: users.map(({ name }) => name),
    mayEdit: rights.manage || users.some(({ id }) => id === membership.providerId),
  }
}

export const actions: Actions = {
  save: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const again = await shown(locals.api, form, url)
    const read = readForm(form)
    if (!read.ok) return fail(400, { ...refuseEntries(read.errors, form).data, ...again })
    const outcome = await updateSchedule({ client: locals.api, path: params, body: read.body })
    if (outcome.data) redirect(303, `${url.pathname}?done=saved`)
    const refusal = refuse(outcome, form)
    return fail(refusal.status, { ...refusal.data, ...again })
  },
  /** Shows one more empty row, without saving. */
  more: async ({ locals, request, url }) => {
    const form = await request.formData()
    return { ...unsaved(form), ...(await shown(locals.api, form, url)), more: textOf(form, 'more') }
  },
  /** Shows the parts of the country that is chosen, without saving. */
  place: async ({ locals, request, url }) => {
    const form = await request.formData()
    return { ...unsaved(form), ...(await shown(locals.api, form, url)) }
  },
  /** Shows the bookings that the change would leave without a place, without saving. */
  check: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const again = await shown(locals.api, form, url)
    const read = readForm(form)
    if (!read.ok) return fail(400, { ...refuseEntries(read.errors, form).data, ...again })
    const body = { schedule: { id: params.id, changes: read.body } }
    const outcome = await previewImpact({ client: locals.api, path: { organization: params.organization }, body })
    if (outcome.data) return { ...unsaved(form), ...again, impact: outcome.data }
    const refusal = refuse(outcome, form)
    return fail(refusal.status, { ...refusal.data, ...again })
  },
}

type Shown = {
  draft: ReturnType<typeof readDraft>
  more: string
  regions: { value: string; label: string }[]
  impact?: Impact
}

/** What the editor shows again besides what was typed: rows, and the parts of the country that is chosen. */
async function shown(client: Client, form: FormData, url: URL): Promise<Shown> {
  const places = need(await listHolidayCountries({ client, query: { locale: getLocale() } }), url).items
  const regions = regionsOf(places, textOf(form, 'country'))
  return { draft: readDraft(form), more: '', regions }
}

function readForm(form: FormData) {
  const read = hoursOf(readDraft(form))
  const { body, wrong } = exceptionsIn(form)
  if (!read.ok) {
    const hours = read.wrong.map((name) => [name, m.office_error_hours()] as const)
    return { ok: false, errors: { ...Object.fromEntries(hours), ...wrong } } as const
  }
  if (Object.keys(wrong).length > 0) return { ok: false, errors: wrong } as const
  const named = { name: textOf(form, 'name'), timeZone: textOf(form, 'timeZone') }
  return { ok: true, body: { ...named, ...read.hours, ...body } } as const
}

type Place = { code: string; regions: { code: string; name: string }[] }

function regionsOf(places: readonly Place[], country: string) {
  const found = places.find(({ code }) => code === country)
  return (found?.regions ?? []).map(({ code, name }) => ({ value: code, label: name }))
}

/** The next public holidays of this year and the next. */
async function nextHolidays(client: Client, path: { organization: string }, { holidays, timeZone }: Schedule) {
  if (!holidays) return []
  const today = localDate(nowMs(), timeZone)
  const year = Number(today.slice(0, 4))
  const years = await Promise.all(
    [year, year + 1].map((one) =>
      previewHolidays({ client, path, query: { ...holidays, year: one, locale: getLocale() } }),
    ),
  )
  return years
    .flatMap(({ data }) => data?.items ?? [])
    .filter(({ date }) => date >= today)
    .slice(0, NEXT_COUNT)
}
