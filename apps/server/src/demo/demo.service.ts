import { randomBytes } from 'node:crypto'
import { appendAudit } from '../audit/audit.service.ts'
import { createAuth } from '../auth/auth.service.ts'
import type { Config } from '../config/config.ts'
import { isLocal } from '../config/safety.ts'
import { openDatabase, type Database, type TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { addLocation } from '../locations/locations.service.ts'
import { addProvider } from '../providers/providers.service.ts'
import { addResource } from '../resources/resources.service.ts'
import { addSchedule } from '../schedules/schedules.service.ts'
import { addService } from '../services/services.service.ts'
import type { MemberActor } from '../shared/actor.ts'
import { systemClock, type Clock } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import {
  DEMO_LOCATIONS,
  DEMO_LOGIN,
  DEMO_ORGANIZATION,
  DEMO_OWNER,
  DEMO_PROVIDERS,
  DEMO_ROOMS,
  DEMO_SERVICES,
  DEMO_SLUG,
  YOGA_HOURS,
  type ProviderKey,
  type ServiceKey,
} from './demo-business.ts'
import { demoOverrides, planBookings } from './demo-plan.rules.ts'
import { toRows, type DemoIds } from './demo-rows.rules.ts'
import * as queries from './demo.queries.ts'

/** How the owner of the demo business signs in. */
export type DemoLogin = { email: string; password: string }

/** A connection that breaks while idle is replaced; one that breaks at work rejects that work. */
const onIdleError = () => undefined

/**
 * Makes the demo business where there is no business yet, and people reach the installation from their own machine only:
 * its password is known to everybody. Either all of it is there afterwards, or nothing.
 * @returns how its owner signs in; undefined when there is no demo business
 */
export async function seedDemo(config: Config, clock: Clock = systemClock): Promise<DemoLogin | undefined> {
  if (!isLocal(new URL(config.publicUrl).hostname)) return undefined
  const db = await openDatabase({ url: config.databaseUrl, poolSize: 2, onError: onIdleError })
  try {
    const slugs = await queries.someSlugs(db, DEMO_SLUG)
    if (slugs.includes(DEMO_SLUG)) return DEMO_LOGIN
    if (slugs.length > 0) return undefined
    await makeDemo(db, { config, clock, login: DEMO_LOGIN })
    return DEMO_LOGIN
  } finally {
    await db.close()
  }
}

/**
 * Makes the demo business in an empty database, wherever people reach it from: its password is made anew.
 * @returns how its owner signs in; undefined when there is a business already
 */
export async function seedEmpty(config: Config, clock: Clock = systemClock) {
  const db = await openDatabase({ url: config.databaseUrl, poolSize: 2, onError: onIdleError })
  try {
    if ((await queries.someSlugs(db, DEMO_SLUG)).length > 0) return undefined
    const login = { ...DEMO_LOGIN, password: randomBytes(15).toString('base64url') }
    await makeDemo(db, { config, clock, login })
    return { ...login, slug: DEMO_SLUG }
  } finally {
    await db.close()
  }
}

type Making = { config: Config; clock: Clock; login: DemoLogin }

async function makeDemo(db: Database, { config, clock, login }: Making): Promise<void> {
  const userId = await ensureOwner(config, login)
  const nowMs = clock.nowMs()
  const organizationId = newId(nowMs)
  const actor: MemberActor = { kind: 'member', userId, memberId: newId(nowMs), role: 'owner', providerId: undefined }
  await withTenant(db, organizationId, (tx) => fill(tx, organizationId, { actor, nowMs }))
}

async function ensureOwner(config: Config, login: DemoLogin): Promise<string> {
  const auth = await createAuth(config, onIdleError)
  try {
    return await auth.createUser({ name: DEMO_OWNER, ...login })
  } finally {
    await auth.close()
  }
}

type Seeding = { actor: MemberActor; nowMs: number }

async function fill(tx: TenantTransaction, organizationId: string, seeding: Seeding): Promise<void> {
  const { actor, nowMs } = seeding
  await queries.insertBusiness(tx, organizationId, { slug: DEMO_SLUG, ...DEMO_ORGANIZATION }, actor)
  const ids = await addOffer(tx, organizationId, seeding)
  const rows = toRows(planBookings(nowMs), ids, () => newId(nowMs))
  await queries.insertCustomers(tx, organizationId, rows.customers)
  await queries.insertBookings(tx, organizationId, rows.bookings)
  await queries.insertSessions(tx, organizationId, rows.sessions)
  await queries.insertSeats(tx, organizationId, rows.seats)
  await queries.insertClaims(tx, organizationId, rows.claims)
  await appendAudit(tx, organizationId, {
    atMs: nowMs,
    actor: { kind: 'system' },
    action: 'organization.demo_filled',
    entity: 'organization',
    entityId: organizationId,
    detail: { bookings: rows.bookings.length, customers: rows.customers.length },
  })
}

async function addOffer(tx: TenantTransaction, organizationId: string, seeding: Seeding): Promise<DemoIds> {
  const house = await addLocation(tx, organizationId, { ...seeding, location: DEMO_LOCATIONS.house })
  const video = await addLocation(tx, organizationId, { ...seeding, location: DEMO_LOCATIONS.video })
  const rooms = await addResource(tx, organizationId, { ...seeding, resource: DEMO_ROOMS })
  const yogaHours = await addSchedule(tx, organizationId, { ...seeding, schedule: YOGA_HOURS })
  const provider = (key: ProviderKey) => addDemoProvider(tx, organizationId, { ...seeding, key })
  const providers = {
    clara: await provider('clara'),
    samir: await provider('samir'),
    jonas: await provider('jonas'),
    maya: await provider('maya'),
  }
  const places = { locations: { house: house.id, video: video.id }, providers, rooms: rooms.id, yogaHours }
  const service = (key: ServiceKey) => addDemoService(tx, organizationId, { ...seeding, key, places })
  const services = {
    consultation: await service('consultation'),
    'video-follow-up': await service('video-follow-up'),
    physiotherapy: await service('physiotherapy'),
    yoga: await service('yoga'),
  }
  return { services, providers, rooms: rooms.id }
}

async function addDemoProvider(
  tx: TenantTransaction,
  organizationId: string,
  { key, ...seeding }: Seeding & { key: ProviderKey },
): Promise<string> {
  const { timeZone, weekly, ...provider } = DEMO_PROVIDERS[key]
  const overrides = key === 'clara' ? demoOverrides(seeding.nowMs) : []
  const schedule = { name: provider.name, timeZone, weekly, overrides }
  const scheduleId = await addSchedule(tx, organizationId, { ...seeding, schedule })
  const added = await addProvider(tx, organizationId, { ...seeding, provider: { ...provider, scheduleId } })
  return added.id
}

type Places = {
  locations: Record<keyof typeof DEMO_LOCATIONS, string>
  providers: Record<ProviderKey, string>
  rooms: string
  yogaHours: string
}

async function addDemoService(
  tx: TenantTransaction,
  organizationId: string,
  { key, places, ...seeding }: Seeding & { key: ServiceKey; places: Places },
): Promise<string> {
  const { place, needsRoom = false, atYogaHours = false, providers, ...rest } = DEMO_SERVICES[key]
  const service = {
    ...rest,
    slug: key,
    providers: providers.map((provider) => places.providers[provider]),
    locationId: places.locations[place],
    ...(needsRoom && { resources: [places.rooms] }),
    ...(atYogaHours && { scheduleId: places.yogaHours }),
  }
  return addService(tx, organizationId, { ...seeding, service })
}
