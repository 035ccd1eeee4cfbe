import { randomUUID } from 'node:crypto'
import type { APIRequestContext, Page } from '@playwright/test'
import { DEMO_LOGIN } from '../../apps/server/src/demo/demo-business.ts'

/** A business of its own, so that no other test changes it. Its owner is signed in. */
export type Business = { slug: string; name: string; serviceId: string; providers: { id: string; name: string }[] }

const PASSWORD = 'correct horse battery'

/** Somebody whom no other test knows, with a password. */
export function newOwner(): { name: string; email: string; password: string } {
  return { name: 'Olga Beispiel', email: `olga.${randomUUID().slice(0, 8)}@example.com`, password: PASSWORD }
}

/** Signs the owner of the demo business in. */
export async function signInToDemo(page: Page): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(DEMO_LOGIN.email)
  await page.getByLabel('Password').fill(DEMO_LOGIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/app/demo')
}

/** Sets up a business that is open around the clock, with two people and one service, and signs its owner in. */
export async function newBusiness(page: Page, baseURL: string): Promise<Business> {
  const api = page.request
  await send(api, baseURL, '/api/auth/sign-up/email', newOwner())
  const slug = `test-${randomUUID().slice(0, 8)}`
  const name = 'Studio Beispiel'
  const place = { timeZone: 'Europe/Berlin', locale: 'en', currency: 'EUR' }
  await send(api, baseURL, '/api/v1/organizations', { name, slug, ...place })
  const own = `/api/v1/organizations/${slug}`
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMin: 0, endMin: 1440 }))
  const schedule = await send(api, baseURL, `${own}/schedules`, { name: 'Always', timeZone: place.timeZone, weekly })
  const providers: Business['providers'] = []
  for (const person of ['Anna Muster', 'Bela Muster']) {
    const { id } = await send(api, baseURL, `${own}/providers`, { name: person, scheduleId: schedule.id })
    providers.push({ id, name: person })
  }
  const service = await send(api, baseURL, `${own}/services`, {
    name: 'Massage',
    slug: 'massage',
    durationsMin: [30],
    stepMin: 30,
    noticeMin: 0,
    providers: providers.map(({ id }) => id),
  })
  return { slug, name, serviceId: service.id, providers }
}

/** Adds a room that is needed by nothing yet, and tells its id. */
export async function addRoom(
  page: Page,
  baseURL: string,
  { slug }: Business,
  room: { name: string; cleanUpMin?: number },
): Promise<string> {
  const { id } = await send(page.request, baseURL, `/api/v1/organizations/${slug}/resources`, room)
  return id
}

/** Changes the service of a business as its owner. */
export async function changeService(
  page: Page,
  baseURL: string,
  { slug, serviceId }: Business,
  changes: Record<string, unknown>,
): Promise<void> {
  await send(page.request, baseURL, `/api/v1/organizations/${slug}/services/${serviceId}`, {
    method: 'PATCH',
    ...changes,
  })
}

/** The times of a date at which the service of a business is offered with its first person. */
export async function offeredTimes(page: Page, { slug, serviceId, providers }: Business, date: string) {
  const provider = providers[0]?.id ?? ''
  const query = new URLSearchParams({ from: date, to: date, timeZone: 'Europe/Berlin', provider })
  const answer = await page.request.get(`/api/v1/organizations/${slug}/services/${serviceId}/slots?${query.toString()}`)
  const { days } = (await answer.json()) as { days: { slots: { start: string }[] }[] }
  return days.flatMap(({ slots }) => slots.map(({ start }) => start.slice(11, 16)))
}

/** The date so many days from today in the zone of the test businesses. */
export function dateAhead(days: number): string {
  return Temporal.Now.plainDateISO('Europe/Berlin').add({ days }).toString()
}

/** Books a time of a business as its owner, and tells the booking's id. */
export async function bookTime(
  page: Page,
  baseURL: string,
  business: Business,
  { date, time, provider = 0 }: { date: string; time: string; provider?: number },
): Promise<string> {
  const start = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime('Europe/Berlin').toInstant().toString()
  const customer = { name: 'Karl Kunde', email: `karl.${randomUUID().slice(0, 8)}@example.com` }
  const body = { service: business.serviceId, provider: business.providers[provider]?.id, start, customer }
  const path = `/api/v1/organizations/${business.slug}/bookings`
  const { booking } = await send<{ booking: { id: string } }>(page.request, baseURL, path, body)
  return booking.id
}

async function send<Answer = { id: string }>(
  api: APIRequestContext,
  origin: string,
  path: string,
  { method = 'POST', ...data }: Record<string, unknown> & { method?: 'POST' | 'PATCH' },
): Promise<Answer> {
  const headers = { origin, 'idempotency-key': randomUUID() }
  const answer = await api.fetch(path, { method, data, headers })
  if (!answer.ok()) throw new Error(`${path} answered ${String(answer.status())}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}
