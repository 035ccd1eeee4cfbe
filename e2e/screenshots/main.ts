import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { DEMO_LOGIN } from '../../apps/server/src/demo/demo-business.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/shared/chromium.ts'
import { startLocalServer } from '../../scripts/shared/local-server.ts'
import { answerHelp } from '../../apps/server/src/shared/command-help.ts'

answerHelp(`
Photographs the main pages of the demo business into docs/images: npm run screenshots
`)

// npm run screenshots: starts the product with its demo business and photographs the main pages into docs/images.
const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'images')

const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 860 }

await mkdir(FOLDER, { recursive: true })
const server = await startLocalServer()
const executablePath = findChromium()
const browser = await chromium.launch({ args: CHROMIUM_FLAGS, ...(executablePath && { executablePath }) })
try {
  await bookingPages(browser, server.url)
  await backOffice(browser, server.url)
} finally {
  await browser.close()
  await server.stop()
}

async function bookingPages(from: Browser, url: string): Promise<void> {
  const page = await openPage(from, url, PHONE)
  await page.goto('/demo')
  await photograph(page, 'business-phone')
  await page.getByRole('link', { name: 'Physiotherapy' }).click()
  await page.getByRole('link', { name: 'Next month' }).click()
  await page.locator('button[formaction*="/book?/hold&"]').first().waitFor()
  await photograph(page, 'times-phone')
  await page.locator('button[formaction*="/book?/hold&"]').nth(4).click()
  await page.getByLabel('Your name').fill('Grace Hopper')
  await page.getByLabel('Email').fill('grace@example.com')
  await photograph(page, 'form-phone')
  await page.getByRole('button', { name: 'Book now' }).click()
  await page.getByRole('heading', { name: 'Your appointment is booked' }).waitFor()
  await photograph(page, 'booked-phone')
  const wide = await openPage(from, url, DESKTOP, 'dark')
  await wide.goto('/demo/consultation')
  await photograph(wide, 'times-dark')
}

async function backOffice(from: Browser, url: string): Promise<void> {
  const page = await openPage(from, url, DESKTOP)
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(DEMO_LOGIN.email)
  await page.getByLabel('Password').fill(DEMO_LOGIN.password)
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/app/demo')
  await photograph(page, 'today')
  await page.goto('/app/demo/calendar?view=week')
  await photograph(page, 'week')
  await page.goto('/app/demo/calendar?view=day')
  await photograph(page, 'day')
}

async function openPage(
  from: Browser,
  baseURL: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const context = await from.newContext({
    baseURL,
    viewport,
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  return context.newPage()
}

async function photograph(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(FOLDER, `${name}.png`) })
  console.log(`docs/images/${name}.png`)
}
