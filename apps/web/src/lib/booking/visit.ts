import { listServices, listVisitSlots, type Client, type ListVisitSlotsResponse } from '@slotkeeper/client'
import { error, type Cookies } from '@sveltejs/kit'
import { need } from '#lib/api.ts'
import { isZone } from '#lib/time/dates.ts'
import type { Service } from './types.ts'
import { ZONE_COOKIE } from './zone-cookie.ts'

/** One service of a visit, and what of it is wanted. */
export type VisitPart = { service: Service; durationMin: number; providerId: string | undefined }

/** Several services one after another: the first is in the path of the address, the others are its parameters. */
export type VisitWish = { parts: VisitPart[]; timeZone: string; isZoneKnown: boolean; services: Service[] }

/** A start at which the whole visit fits. */
export type VisitTime = ListVisitSlotsResponse['visits'][number]

/** The API takes no more. */
export const SERVICES_MAX = 5

type Asked = { api: Client; url: URL; cookies: Cookies; params: { organization: string; service: string } }

/** Reads what is wanted. What there is not is left out; the first service there must be. */
export async function readVisit({ api, url, cookies, params }: Asked, businessZone: string): Promise<VisitWish> {
  const path = { organization: params.organization }
  const { items } = need(await listServices({ client: api, path, query: { limit: 200 } }))
  const services = items.filter(({ capacity }) => capacity === 1)
  const find = (name: string) => services.find(({ slug, id }) => slug === name || id === name)
  const first = find(params.service)
  if (!first) error(404, 'There is no such service, or it is for groups.')
  const more = url.searchParams.getAll('and').flatMap((name) => find(name) ?? [])
  const [people, lengths] = [url.searchParams.getAll('with'), url.searchParams.getAll('length')]
  const parts = [first, ...more].slice(0, SERVICES_MAX).map((service, index) => ({
    service,
    durationMin: service.durationsMin.find((minutes) => String(minutes) === lengths[index]) ?? usual(service),
    providerId: service.providers.find(({ id }) => id === people[index])?.id,
  }))
  const zones = [url.searchParams.get('tz') ?? '', cookies.get(ZONE_COOKIE) ?? ''].filter(isZone)
  return { parts, services, timeZone: zones[0] ?? businessZone, isZoneKnown: zones.length > 0 }
}

/** The parameters of an address that asks for the same, besides its path. */
export function visitParams({ parts, timeZone, isZoneKnown }: Omit<VisitWish, 'services'>): [string, string][] {
  const isPlain = parts.every((part) => part.providerId === undefined && part.durationMin === usual(part.service))
  const each = parts.flatMap(({ service, durationMin, providerId = '' }, index) => {
    const pairs: [string, string][] = index > 0 ? [['and', service.slug]] : []
    if (!isPlain) pairs.push(['with', providerId], ['length', String(durationMin)])
    return pairs
  })
  return isZoneKnown ? [...each, ['tz', timeZone]] : each
}

/** The page on which the times of a visit are chosen. */
export function visitPath(organization: string, { parts }: Pick<VisitWish, 'parts'>): string {
  return `/${organization}/${parts[0]?.service.slug ?? ''}/visit`
}

/** An address with parameters of which several may have one name. */
export function withPairs(path: string, pairs: [string, string][]): string {
  const search = new URLSearchParams(pairs).toString()
  return search === '' ? path : `${path}?${search}`
}

/** The starts of some days, a week at most, at which all of it fits. */
export async function findVisits(
  { api, organization }: { api: Client; organization: string },
  { parts, timeZone }: Pick<VisitWish, 'parts' | 'timeZone'>,
  { from, to }: { from: string; to: string },
): Promise<VisitTime[]> {
  const body = { items: parts.map(itemOf), from, to, timeZone }
  return need(await listVisitSlots({ client: api, path: { organization }, body })).visits
}

/** A part as the API takes it. */
export function itemOf({ service, durationMin, providerId }: VisitPart) {
  return { service: service.id, duration: durationMin, ...(providerId !== undefined && { provider: providerId }) }
}

function usual({ durationsMin }: Service): number {
  return durationsMin[0] ?? 0
}
