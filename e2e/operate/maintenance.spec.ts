import { expect, test, type APIRequestContext } from '@playwright/test'
import { startLocalServer, type LocalServer } from '../../scripts/shared/local-server.ts'
import { runMain, settingsFor } from '../../apps/server/test/run-command.ts'

// An installation of its own: while it is closed, no other test could use it.
let server: LocalServer

test.beforeAll(async () => {
  server = await startLocalServer()
})
test.afterAll(() => server.stop())

const maintenance = (...args: string[]) => runMain(['maintenance', ...args], settingsFor(server.databaseUrl))

const statusOf = async (request: APIRequestContext) => (await request.get(`${server.url}/demo`)).status()

const TITLES = { en: 'Maintenance', de: 'Wartung', es: 'Mantenimiento', fr: 'Maintenance', ar: 'صيانة' }

test('visitors of a closed installation are told so in their language, and get in when it opens', async ({
  page,
  request,
}) => {
  await page.goto(`${server.url}/demo`)
  expect((await maintenance('on', '--reason', 'We move <soon>.', '--minutes', '20')).code).toBe(0)
  await expect.poll(() => statusOf(request)).toBe(503)

  for (const [language, title] of Object.entries(TITLES)) {
    const answer = await request.get(`${server.url}/demo`, { headers: { 'accept-language': language } })
    const html = await answer.text()
    expect(answer.status()).toBe(503)
    expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(60)
    expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`)
    expect(html).toContain(`<h1>${title}</h1>`)
    expect(html).toContain('We move &lt;soon&gt;.')
  }

  // Whoever had a page open is told by it.
  await page.locator('main a').first().click()
  await expect(page.getByRole('heading', { level: 1, name: TITLES.en })).toBeVisible()

  expect((await maintenance('off')).code).toBe(0)
  await expect.poll(() => statusOf(request)).toBe(200)
  await page.goto(`${server.url}/demo`)
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(TITLES.en)
})
