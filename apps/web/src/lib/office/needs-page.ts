import { getRequirements, getService, listProviders, listResources, type Client } from '@slotkeeper/client'
import { m } from '#lib/paraglide/messages.js'
import { allItems, need } from './calls.ts'
import { partName } from './needs.ts'
import type { Problem } from './types.ts'

type Named = { id: string; name: string }
/** Whom and what a service can need. */
export type NeedOptions = { provider: readonly Named[]; resource: readonly Named[] }

/** A service, what it needs, and what it could need: what is active, or chosen already. */
export async function readNeeds(client: Client, path: { organization: string; service: string }, url: URL) {
  const [service, requirements, providers, resources] = await Promise.all([
    getService({ client, path }),
    getRequirements({ client, path }),
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listResources({ client, path, query })),
  ])
  const needed = need(requirements, url)
  const chosen = new Set(
    needed.segments.flatMap(({ requirements: needs }) => needs.flatMap(({ subjects }) => subjects.map(({ id }) => id))),
  )
  const offered = (all: readonly (Named & { active: boolean })[]): Named[] =>
    all.filter(({ id, active }) => active || chosen.has(id)).map(({ id, name }) => ({ id, name }))
  const options: NeedOptions = { provider: offered(providers), resource: offered(resources) }
  return { service: need(service, url), requirements: needed, options }
}

/** What the API finds wrong, by the names of the entries of the editor. */
export function entryErrors({ errors = [] }: Problem): Record<string, string> {
  return Object.fromEntries(errors.map(({ field }) => [entryOfField(field), m.office_error_entry()] as const))
}

/** The entry of the editor that a field of the request belongs to: `segments.0.requirements.1.count` is one. */
export function entryOfField(field: string): string {
  const [, part = '0', need, rest = ''] = /^segments\.(\d+)(?:\.requirements\.(\d+))?(?:\.(.*))?$/.exec(field) ?? []
  const name = partName(Number(part))
  if (need === undefined) return rest.startsWith('length') ? `${name}-length` : name
  const entries: Record<string, string> = { count: 'count', fairDays: 'days', assign: 'assign', subjects: 'subjects' }
  const entry = entries[rest.split('.')[0] ?? '']
  return entry === undefined ? name : `${name}-need-${need}-${entry}`
}
