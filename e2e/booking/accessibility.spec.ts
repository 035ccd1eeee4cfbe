import { expect, test, type Page } from '@playwright/test'
import { fillForm, formAddress, freeTimes, newPerson, openTimes } from './people.ts'
import { expectAccessible } from '../stack/accessible.ts'

const LOOKS = [
  { name: 'light', colorScheme: 'light', language: 'en', width: 1280 },
  { name: 'dark', colorScheme: 'dark', language: 'en', width: 1280 },
  { name: 'right to left', colorScheme: 'light', language: 'ar', width: 390 },
  { name: 'at 320 pixels', colorScheme: 'dark', language: 'de', width: 320 },
] as const

for (const [index, { name, colorScheme, language, width }] of LOOKS.entries()) {
  test.describe(name, () => {
    test.use({ colorScheme, locale: 'en-GB', viewport: { width, height: 900 } })

    test('axe finds nothing on the booking pages, and no page scrolls sideways', async ({ page, context, baseURL }) => {
      const booking = await book(page, 10 + index)
      await context.addCookies([{ name: 'slotkeeper_language', value: language, url: baseURL ?? '' }])
      await openTimes(page, 'consultation', 14)
      const form = await formAddress(freeTimes(page).first())
      const pages = ['/', '/demo', '/demo/consultation', '/demo/yoga', form, '/nothing-here', '/api/docs']
      const own = ['', '/reschedule', '/cancel'].map((part) => booking.pathname + part + booking.search)
      for (const address of [...pages, ...own]) {
        await page.goto(address)
        await expect(page.locator('html')).toHaveAttribute('lang', language)
        await expect(page.locator('html')).toHaveAttribute('dir', language === 'ar' ? 'rtl' : 'ltr')
        await expectAccessible(page)
      }
    })
  })
}

test('the booking flow works by keyboard alone', async ({ page }) => {
  await page.goto('/demo')
  await tabTo(page, 'Consultation')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Consultation')
  await openTimes(page, 'consultation', 15)
  await freeTimes(page).nth(6).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Book: Consultation')
  await fillForm(page, newPerson())
  await page.getByLabel('Email').press('Enter')
  await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
})

test('nothing on a booking page breaks the content security policy', async ({ page }) => {
  const broken: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') broken.push(message.text())
  })
  page.on('pageerror', (error) => broken.push(error.message))
  for (const address of ['/', '/demo', '/demo/consultation', '/api/docs']) await page.goto(address)
  expect(broken).toEqual([])
})

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate<string>('document.activeElement.textContent')).trim() === name) return
  }
  throw new Error(`${name} cannot be reached with the Tab key`)
}

async function book(page: Page, day: number): Promise<URL> {
  await openTimes(page, 'consultation', day)
  await freeTimes(page).nth(2).click()
  await fillForm(page, newPerson())
  await page.getByRole('button', { name: 'Book now' }).click()
  await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
  return new URL(page.url())
}
