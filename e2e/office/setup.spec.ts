import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { freeTimes } from '../booking/people.ts'
import { newOwner } from './members.ts'

test.use({ locale: 'en-GB', timezoneId: 'America/New_York' })

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('somebody creates an account, sets a business up in four steps, and people can book', async ({ page }) => {
      const owner = newOwner()
      const name = `Café Größe ${randomUUID().slice(0, 6)}`
      await page.goto('/sign-up')
      await page.getByLabel('Your name').fill(owner.name)
      await page.getByLabel('Email').fill(owner.email)
      await page.getByLabel('Password').fill(owner.password)
      await page.getByRole('button', { name: 'Create an account' }).click()

      await expect(page.getByText('Step 1 of 4')).toBeVisible()
      await page.getByLabel('Name of the business').fill(name)
      const zone = page.getByLabel('Time zone')
      if (javaScriptEnabled) await expect(zone).toHaveValue('America/New_York')
      else await zone.selectOption('America/New_York')
      await page.getByRole('button', { name: 'Continue' }).click()

      await expect(page.getByText('Step 2 of 4')).toBeVisible()
      await expect(page.getByLabel('Name', { exact: true })).toHaveValue(owner.name)
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await expect(page.getByRole('listitem')).toContainText(owner.email)
      await page.getByLabel('Name', { exact: true }).fill('Second Person')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await expect(page.getByRole('listitem')).toHaveCount(2)
      await page.getByRole('link', { name: 'Continue' }).click()

      await expect(page.getByText('Step 3 of 4')).toBeVisible()
      const monday = page.getByRole('group', { name: 'Monday' })
      await monday.getByLabel('To, row 1').fill('12:00')
      await monday.getByRole('button', { name: 'Add a row: Monday' }).click()
      await monday.getByLabel('From, row 2').fill('11:00')
      await monday.getByLabel('To, row 2').fill('18:00')
      await page.getByRole('button', { name: 'Continue' }).click()
      await expect(monday.getByText('rows must not overlap')).toBeVisible()
      await expect(monday.getByLabel('To, row 1')).toHaveValue('12:00')
      await monday.getByLabel('From, row 2').fill('13:00')
      await page.getByRole('button', { name: 'Continue' }).click()

      await expect(page.getByText('Step 4 of 4')).toBeVisible()
      await page.getByLabel('Name of the service').fill('First Visit')
      await page.getByLabel('Price in EUR').fill('19,99')
      await page.getByRole('button', { name: 'Finish' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name} can be booked`)

      await page.getByRole('link', { name: 'See the booking page' }).click()
      await expect(page.getByText('€19.99')).toBeVisible()
      await page.getByRole('link', { name: 'First Visit' }).click()
      await expect(freeTimes(page).first()).toBeVisible()
    })
  })
}

test('a set-up that was left goes on where it stopped, and a taken address is said', async ({ page }) => {
  const owner = newOwner()
  await page.goto('/sign-up')
  await page.getByLabel('Your name').fill(owner.name)
  await page.getByLabel('Email').fill(owner.email)
  await page.getByLabel('Password').fill(owner.password)
  await page.getByRole('button', { name: 'Create an account' }).click()
  const slug = `left-${randomUUID().slice(0, 8)}`
  await page.getByLabel('Name of the business').fill('Left Alone')
  await expect(page.getByLabel('Address of the page')).toHaveValue('left-alone')
  await page.getByLabel('Address of the page').fill('demo')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByLabel('Name of the business')).toHaveValue('Left Alone')
  await page.getByLabel('Address of the page').fill(slug)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText('Step 2 of 4')).toBeVisible()

  await page.goto('/app')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Today')
  await page.getByRole('link', { name: 'Go on with the setup' }).click()
  await expect(page.getByText('Step 2 of 4')).toBeVisible()
})
