import { expect, test, type Page } from '@playwright/test'
import { bookTime, dateAhead, newBusiness } from './members.ts'
import { expectNothingFound } from '../stack/accessible.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a key is made, shown once, used by a program, and revoked', async ({ page, baseURL }) => {
      const { slug } = await newBusiness(page, baseURL ?? '')
      await page.goto(`/app/${slug}/settings`)
      await page.getByRole('link', { name: 'API keys' }).click()
      await expect(page.getByText('There are no keys yet.')).toBeVisible()
      await page.getByLabel('What it is for').fill('Our website')
      await page.getByRole('button', { name: 'Make the key' }).click()
      await expect(page.getByText('Choose at least one.')).toBeVisible()
      await expect(page.getByLabel('What it is for')).toHaveValue('Our website')
      await page.getByLabel('Read what members see').check()
      await page.getByLabel('For how long').selectOption({ label: '30 days' })
      await page.getByRole('button', { name: 'Make the key' }).click()
      const shown = page.getByLabel('The key', { exact: true })
      await expect(shown).toHaveValue(/^sk_[\w-]{86}$/)
      if (javaScriptEnabled) await expectNothingFound(page)
      const key = await shown.inputValue()
      expect(await statusWith(page, { baseURL, slug, key })).toBe(200)

      await page.getByRole('link', { name: 'Make another key' }).click()
      await expect(page.getByText(`${key.slice(0, 11)}…`)).toBeVisible()
      await expect(page.getByText('Last used')).toBeVisible()
      await page.reload()
      expect(await page.content()).not.toContain(key)

      await page.getByRole('button', { name: 'Revoke Our website' }).click()
      await expect(page.getByText('The key is revoked.')).toBeVisible()
      await expect(page.getByText('Revoked', { exact: true })).toBeVisible()
      expect(await statusWith(page, { baseURL, slug, key })).toBe(401)
      await page.goto(`/app/${slug}/activity`)
      await expect(page.getByText('API key made')).toBeVisible()
      await expect(page.getByText('API key revoked')).toBeVisible()
    })

    test('a customer is erased, once nothing is to come and it is meant', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const booking = await bookTime(page, baseURL ?? '', business, { date: dateAhead(3), time: '10:00' })
      await page.goto(`/app/${business.slug}/customers`)
      await page.getByRole('link', { name: 'Karl Kunde' }).click()
      const erase = page.getByRole('button', { name: 'Erase' })
      await erase.click()
      await expect(page.getByText('Tick the box first.')).toBeVisible()
      await page.getByLabel('Nobody can undo this: erase for good').check()
      await erase.click()
      await expect(page.getByText('This customer has an appointment to come.')).toBeVisible()
      if (javaScriptEnabled) await expectNothingFound(page)

      const customer = page.url().split('?')[0] ?? ''
      await page.goto(`/app/${business.slug}/bookings/${booking}`)
      await page.getByRole('button', { name: 'Cancel the appointment' }).click()
      await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible()
      await page.goto(customer)
      await page.getByLabel('Nobody can undo this: erase for good').check()
      await erase.click()
      await expect(page.getByText('Everything about this person is erased.')).toBeVisible()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erased customer')
      // What JavaScript was given to begin with stands in the page until it is loaded anew.
      await page.reload()
      expect(await page.content()).not.toContain('Karl Kunde')
      await page.goto(`/app/${business.slug}/messages`)
      await expect(page.getByText('Erased', { exact: true }).first()).toBeVisible()
      expect(await page.content()).not.toMatch(/Karl Kunde|karl\./)
    })
  })
}

/** What a program gets that sends the key: it has no cookies. */
async function statusWith(
  page: Page,
  { baseURL, slug, key }: { baseURL: string | undefined; slug: string; key: string },
): Promise<number | undefined> {
  const program = await page.context().browser()?.newContext()
  const answer = await program?.request.get(`${baseURL}/api/v1/organizations/${slug}/bookings`, {
    headers: { authorization: `Bearer ${key}` },
  })
  await program?.close()
  return answer?.status()
}
