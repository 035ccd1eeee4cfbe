import { error, redirect } from '@sveltejs/kit'
import { createApiKey, listApiKeys, revokeApiKey } from '@slotkeeper/client'
import { KEY_SCOPES, keyState } from '#lib/office/api-keys.ts'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { allItems } from '#lib/office/calls.ts'
import { msOf } from '#lib/office/days.ts'
import { refuse, refuseEntries } from '#lib/office/refusals.ts'
import { m } from '#lib/paraglide/messages.js'
import { momentText, nowMs } from '#lib/time/calendar.ts'
import { textOf, textsOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organization, rights } = await parent()
  if (!rights.administer) error(403, m.office_error_forbidden())
  const keys = await allItems(url, (query) => listApiKeys({ client: locals.api, path: params, query }))
  const at = (instant: string) => momentText(msOf(instant), organization.timeZone, locals.locale)
  const presentMs = nowMs()
  return {
    idempotencyKey: newKey(),
    keys: keys.map((key) => ({
      ...{ id: key.id, name: key.name, hint: key.hint, scopes: key.scopes, state: keyState(key, presentMs) },
      ...{ madeAt: at(key.createdAt), expiresAt: at(key.expiresAt), usedAt: key.lastUsedAt && at(key.lastUsedAt) },
    })),
  }
}

export const actions: Actions = {
  /** The key stands in this one answer: no redirect, after which it would be gone. */
  create: async ({ locals, params, request }) => {
    const form = await request.formData()
    const chosen = textsOf(form, 'scopes')
    const scopes = KEY_SCOPES.filter((scope) => chosen.includes(scope))
    if (scopes.length === 0) return refuseEntries({ scopes: m.office_key_scopes_missing() }, form)
    const outcome = await createApiKey({
      client: locals.api,
      path: params,
      headers: keyHeader(textOf(form, 'idempotencyKey')),
      body: { name: textOf(form, 'name'), scopes, days: wholeNumberOf(form, 'days') },
    })
    if (!outcome.data) return refuse(outcome, form)
    const { name, key } = outcome.data
    return { made: { name, key } }
  },
  revoke: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const path = { organization: params.organization, id: textOf(form, 'id') }
    const outcome = await revokeApiKey({ client: locals.api, path })
    if (outcome.error === undefined) redirect(303, `${url.pathname}?done=revoked`)
    return refuse(outcome, form)
  },
}
