import { redirect } from '@sveltejs/kit'
import { listMessages, resendMessage } from '@slotkeeper/client'
import { keyHeader, newKey } from '#lib/idempotency.ts'
import { need } from '#lib/office/calls.ts'
import { msOf } from '#lib/office/days.ts'
import { textOf } from '#lib/ui/form-data.ts'
import { withParams } from '#lib/office/links.ts'
import { refuse } from '#lib/office/refusals.ts'
import { listLinks, listQuery } from '#lib/office/state-list.ts'
import type { Message } from '#lib/office/types.ts'
import { momentText } from '#lib/time/calendar.ts'
import type { Actions, PageServerLoad } from './$types'

const STATES: readonly Message['state'][] = ['queued', 'sent', 'failed']

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organization } = await parent()
  const page = need(
    await listMessages({
      client: locals.api,
      path: { organization: params.organization },
      query: listQuery(url, STATES),
    }),
    url,
  )
  return {
    ...listLinks(url, STATES, page.nextCursor),
    idempotencyKey: newKey(),
    messages: page.items.map((message) => ({
      ...message,
      at: momentText(msOf(message.sentAt ?? message.createdAt), organization.timeZone, locals.locale),
    })),
  }
}

export const actions: Actions = {
  resend: async ({ locals, params, request, url }) => {
    const form = await request.formData()
    const id = textOf(form, 'id')
    const outcome = await resendMessage({
      client: locals.api,
      path: { organization: params.organization, id },
      headers: keyHeader(`${textOf(form, 'idempotencyKey')}.${id}`),
    })
    if (!outcome.data) return refuse(outcome, form)
    redirect(303, withParams(url, { done: 'queued', '/resend': null }))
  },
}
