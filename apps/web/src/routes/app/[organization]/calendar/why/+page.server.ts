import { listProviders, listServices } from '@slotkeeper/client'
import { choiceIn } from '#lib/office/booking-form.ts'
import { allItems } from '#lib/office/calls.ts'
import { isDate, msOf, wallOf } from '#lib/office/days.ts'
import { explainTime } from '#lib/office/why-page.ts'
import { m } from '#lib/paraglide/messages.js'
import { nowMs } from '#lib/time/calendar.ts'
import { localDate } from '#lib/time/dates.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { locals, params, parent, url } = event
  const client = locals.api
  const path = { organization: params.organization }
  const [{ organization }, services, providers] = await Promise.all([
    parent(),
    allItems(url, (query) => listServices({ client, path, query: { hidden: true, ...query } })),
    allItems(url, (query) => listProviders({ client, path, query })),
  ])
  const { timeZone } = organization
  const { choice, asked } = readAsked(url.searchParams, timeZone)
  const service = services.find(({ id }) => id === asked.service)
  const name = providers.find(({ id }) => id === asked.provider)?.name ?? null
  return {
    asked,
    services: services.map(toOption),
    providers: providers.filter(({ id, active }) => active || id === asked.provider).map(toOption),
    durationsMin: service?.durationsMin ?? [],
    capacity: service?.capacity ?? 1,
    answer: null,
    problem: asked.time !== '' && !choice ? m.office_error_no_such_time() : null,
    ...(service && choice && (await explainTime(event, { ...path, timeZone, service, choice, name }))),
  }
}

/** What the address asks about, as the entries of the form show it. */
function readAsked(params: URLSearchParams, timeZone: string) {
  const read = (name: string) => params.get(name) ?? ''
  const choice = choiceIn(params, timeZone)
  const date = isDate(read('date')) ? read('date') : localDate(nowMs(), timeZone)
  const moment = choice ? wallOf(msOf(choice.start), timeZone) : { date, time: read('time') }
  const provider = choice?.provider ?? read('provider')
  return {
    choice,
    asked: { ...moment, provider, service: read('service'), duration: read('duration'), seats: read('seats') },
  }
}

function toOption({ id, name }: { id: string; name: string }) {
  return { value: id, label: name }
}
