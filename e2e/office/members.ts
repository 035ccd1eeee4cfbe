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
  await post(api, baseURL, '/api/auth/sign-up/email', newOwner())
  const slug = `test-${randomUUID().slice(0, 8)}`
  const name = 'Studio Beispiel'
  const place = { timeZone: 'Europe/Berlin', locale: 'en', currency: 'EUR' }
  await post(api, baseURL, '/api/v1/organizations', { name, slug, ...place })
  const own = `/api/v1/organizations/${slug}`
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMin: 0, endMin: 1440 }))
  const schedule = await post(api, baseURL, `${own}/schedules`, { name: 'Always', timeZone: place.timeZone, weekly })
  const providers: Business['providers'] = []
  for (const person of ['Anna Muster', 'Bela Muster']) {
    const { id } = await post(api, baseURL, `${own}/providers`, { name: person, scheduleId: schedule.id })
    providers.push({ id, name: person })
  }
  const service = await post(api, baseURL, `${own}/services`, {
    name: 'Massage',
    slug: 'massage',
    durationsMin: [30],
    stepMin: 30,
    noticeMin: 0,
    providers: providers.map(({ id }) => id),
  })
  return { slug, name, serviceId: service.id, providers }
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
  const { booking } = await post<{ booking: { id: string } }>(page.request, baseURL, path, body)
  return booking.id
}

async function post<Answer = { id: string }>(
  api: APIRequestContext,
  origin: string,
  path: string,
  data: object,
): Promise<Answer> {
  const headers = { origin, 'idempotency-key': randomUUID() }
  const answer = await api.post(path, { data, headers })
  if (!answer.ok()) throw new Error(`${path} answered ${String(answer.status())}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}
