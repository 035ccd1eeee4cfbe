import { redirect, type RequestEvent } from '@sveltejs/kit'
import {
  createLocation,
  createResource,
  listLocations,
  listResources,
  listSchedules,
  updateLocation,
  updateResource,
} from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems } from '#lib/office/calls.ts'
import { type Outcome } from '#lib/api.ts'
import { isChecked, textOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { noNumbers, refuse, refuseEntries } from '#lib/office/refusals.ts'
import type { Location } from '#lib/office/types.ts'
import type { Actions, PageServerLoad, RouteParams } from './$types'

type Event = RequestEvent<RouteParams>

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const client = locals.api
  const path = { organization: params.organization }
  const [resources, locations, schedules] = await Promise.all([
    allItems(url, (query) => listResources({ client, path, query })),
    allItems(url, (query) => listLocations({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
  ])
  return { resources, locations, schedules, idempotencyKey: newKey() }
}

export const actions: Actions = {
  resource: (event) =>
    save(event, resourceIn, (form, body) => {
      const client = event.locals.api
      const { organization } = event.params
      const id = textOf(form, 'id')
      if (id !== '') return updateResource({ client, path: { organization, id }, body })
      const { active: _active, ...added } = body
      const headers = keyHeader(textOf(form, 'idempotencyKey'))
      return createResource({ client, path: { organization }, headers, body: added })
    }),
  location: (event) =>
    save(event, locationIn, (form, body) => {
      const client = event.locals.api
      const { organization } = event.params
      const id = textOf(form, 'id')
      if (id !== '') return updateLocation({ client, path: { organization, id }, body })
      return createLocation({
        client,
        path: { organization },
        headers: keyHeader(textOf(form, 'idempotencyKey')),
        body,
      })
    }),
}

async function save<Body extends Record<string, unknown>>(
  { request, url }: Event,
  read: (form: FormData) => Body,
  send: (form: FormData, body: Body) => Promise<Outcome<unknown>>,
) {
  const form = await request.formData()
  const body = read(form)
  const wrong = noNumbers(body)
  if (Object.keys(wrong).length > 0) return refuseEntries(wrong, form)
  const outcome = await send(form, body)
  if (outcome.data === undefined) return refuse(outcome, form)
  redirect(303, `${url.pathname}?done=saved`)
}

function resourceIn(form: FormData) {
  return {
    name: textOf(form, 'name'),
    quantity: wholeNumberOf(form, 'quantity'),
    setUpMin: wholeNumberOf(form, 'setUpMin'),
    cleanUpMin: wholeNumberOf(form, 'cleanUpMin'),
    scheduleId: textOf(form, 'scheduleId') || null,
    active: isChecked(form, 'active'),
  }
}

function locationIn(form: FormData): Omit<Location, 'id'> {
  const kinds: readonly Location['kind'][] = ['address', 'phone', 'video']
  const kind = kinds.find((name) => name === textOf(form, 'kind')) ?? 'address'
  return { kind, name: textOf(form, 'name'), detail: textOf(form, 'detail') }
}
