import { error } from '@sveltejs/kit'
import { listAuditEvents } from '@slotkeeper/client'
import { need } from '#lib/office/calls.ts'
import { msOf } from '#lib/office/days.ts'
import { withParams } from '#lib/office/links.ts'
import type { AuditEvent } from '#lib/office/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { momentText } from '#lib/time/calendar.ts'
import type { PageServerLoad } from './$types'

const PAGE_SIZE = 50
/** Entities that have a page of their own, and where it is. */
const PAGES: Record<string, string> = {
  booking: 'bookings',
  service: 'services',
  provider: 'providers',
  schedule: 'schedules',
  customer: 'customers',
}

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organization, rights } = await parent()
  if (!rights.administer) error(403, m.office_error_forbidden())
  const cursor = url.searchParams.get('cursor')
  const page = need(
    await listAuditEvents({
      client: locals.api,
      path: { organization: params.organization },
      query: { limit: PAGE_SIZE, ...(cursor !== null && { cursor }) },
    }),
    url,
  )
  return {
    events: page.items.map((event) => ({
      id: event.id,
      action: event.action,
      actorKind: event.actorKind,
      actorName: event.actorName,
      at: momentText(msOf(event.at), organization.timeZone, locals.locale),
      href: hrefOf(params.organization, event),
      facts: factsOf(event.detail),
    })),
    first: cursor === null ? null : withParams(url, { cursor: null }),
    next: page.nextCursor === undefined ? null : withParams(url, { cursor: page.nextCursor }),
  }
}

function hrefOf(organization: string, { entity, entityId }: AuditEvent): string | null {
  const page = PAGES[entity]
  return page === undefined ? null : `/app/${organization}/${page}/${entityId}`
}

/** The details of a change as pairs of name and value. */
function factsOf(detail: AuditEvent['detail']): { name: string; value: string }[] {
  return Object.entries(detail).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }))
}
