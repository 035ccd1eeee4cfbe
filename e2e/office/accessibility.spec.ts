import { expect, test, type Page } from '@playwright/test'
import { signInToDemo } from './members.ts'
import { expectAccessible } from '../stack/accessible.ts'

const LOOKS = [
  { name: 'light', colorScheme: 'light', language: 'en', width: 1280 },
  { name: 'dark', colorScheme: 'dark', language: 'fr', width: 1280 },
  { name: 'right to left', colorScheme: 'light', language: 'ar', width: 390 },
  { name: 'at 320 pixels', colorScheme: 'dark', language: 'de', width: 320 },
] as const

for (const { name, colorScheme, language, width } of LOOKS) {
  test.describe(name, () => {
    test.use({ colorScheme, locale: 'en-GB', viewport: { width, height: 900 } })
    test.slow()

    test('axe finds nothing in the back office, no page scrolls sideways, none breaks the content security policy', async ({
      page,
      context,
      baseURL,
    }) => {
      const broken: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') broken.push(`${page.url()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => broken.push(`${page.url()}: ${error.message}`))
      await signInToDemo(page)
      const addresses = await everyPage(page)
      await context.addCookies([{ name: 'slotkeeper_language', value: language, url: baseURL ?? '' }])
      for (const address of addresses) {
        await page.goto(address)
        await expect(page.locator('html')).toHaveAttribute('lang', language)
        await expectAccessible(page)
      }
      expect(broken).toEqual([])
    })
  })
}

test('the menu of a phone opens with the keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 })
  await signInToDemo(page)
  await page.locator('summary', { has: page.locator('svg') }).press('Enter')
  await page.getByRole('link', { name: 'Services' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Services')
  await expect(page.getByRole('link', { name: 'Settings' })).toBeHidden()
})

/** One address of every kind of page. */
async function everyPage(page: Page): Promise<string[]> {
  const base = '/app/demo'
  const booking = `${base}/bookings/${await nextBooking(page)}`
  const service = await firstLink(page, `${base}/services`, 'main li a')
  const start = `${base}/bookings/new?service=${service.split('/').at(-1) ?? ''}`
  const time = await firstLink(page, start, 'a[href*="pick="]')
  const provider = await firstLink(page, `${base}/providers`, 'main li a')
  const why = `${base}/calendar/why`
  const lists = [
    'services',
    'providers',
    'schedules',
    'places',
    'customers',
    'messages',
    'activity',
    'settings',
    'settings/keys',
  ]
  const others = ['calendar', 'calendar?view=day', 'services/new', 'providers/new', 'bookings/new']
  return [
    base,
    ...[...lists, ...others].map((part) => `${base}/${part}`),
    booking,
    `${booking}/move`,
    start,
    `${time}&q=a`,
    service,
    `${service}/needs`,
    why,
    `${why}?service=${service.split('/').at(-1) ?? ''}&date=2026-01-01&time=03:00`,
    provider,
    `${provider}/time-off`,
    await firstLink(page, `${base}/schedules`, 'main li a'),
    await firstLink(page, `${base}/customers`, 'main li a'),
    '/setup',
  ]
}

async function firstLink(page: Page, address: string, selector: string): Promise<string> {
  await page.goto(address)
  return (await page.locator(selector).first().getAttribute('href')) ?? ''
}

async function nextBooking(page: Page): Promise<string> {
  const from = encodeURIComponent(Temporal.Now.instant().toString())
  const answer = await page.request.get(`/api/v1/organizations/demo/bookings?from=${from}&state=confirmed&limit=1`)
  const { items } = (await answer.json()) as { items: { id: string }[] }
  return items[0]?.id ?? ''
}
