import { expect, test, type Page } from '@playwright/test'
import { bookTime, dateAhead, newBusiness, offeredTimes, type Business } from './members.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('hours know public holidays, closures and stays elsewhere, and say which bookings a change affects', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const day = dateAhead(4)
      await bookTime(page, baseURL ?? '', business, { date: day, time: '10:00' })
      await openHours(page, business)

      await page.getByLabel('Country').selectOption({ label: 'Germany' })
      await page.getByRole('button', { name: 'Show its parts' }).click()
      await page.getByLabel('Part of the country').selectOption({ label: 'Berlin' })
      const closure = page.getByRole('group', { name: 'Closure 1' })
      await closure.getByLabel('First day').fill(day)
      await closure.getByLabel('Name').fill('Painting')
      const stay = page.getByRole('group', { name: 'Stay 1' })
      await stay.getByLabel('First day').fill(dateAhead(6))
      await stay.getByLabel('Last day').fill(dateAhead(7))
      await page.getByRole('button', { name: 'Check which bookings this affects' }).click()
      await expect(stay.getByLabel('Time zone')).toHaveAttribute('aria-invalid', 'true')
      await stay.getByLabel('Time zone').selectOption({ label: 'Asia/Tokyo' })
      await page.getByRole('button', { name: 'Check which bookings this affects' }).click()
      await expect(page.getByText('Bookings that would no longer fit: 1')).toBeVisible()
      expect(await offeredTimes(page, business, day)).not.toHaveLength(0)

      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByLabel('Part of the country')).toHaveValue('BE')
      await expect(page.getByText('Christmas Day')).toBeVisible()
      await expect(page.getByRole('group', { name: 'Closure 1' }).getByLabel('Last day')).toHaveValue(day)
      await expect(page.getByRole('group', { name: 'Stay 1' }).getByLabel('Time zone')).toHaveValue('Asia/Tokyo')
      expect(await offeredTimes(page, business, day)).toEqual([])
    })

    test('somebody is off once and every week, and what it affects is told before', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const day = dateAhead(3)
      await bookTime(page, baseURL ?? '', business, { date: day, time: '10:00' })
      await page.goto(`/app/${business.slug}/providers/${business.providers[0]?.id ?? ''}`)
      await page.getByRole('link', { name: 'Time off' }).click()
      await expect(page.getByText('None entered.')).toBeVisible()

      await page.getByLabel('First day').fill(day)
      await page.getByLabel('From (time)').fill('09:00')
      await page.getByLabel('Until (time)').fill('12:00')
      await page.getByLabel('Comes back', { exact: true }).selectOption('Every week')
      await page.getByLabel('Note').fill('At the dentist')
      await page.getByRole('button', { name: 'Check which bookings this affects' }).click()
      await expect(page.getByText('Bookings that would no longer fit: 1')).toBeVisible()
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByText('Every week · At the dentist')).toBeVisible()
      for (const date of [day, dateAhead(10)]) {
        const times = await offeredTimes(page, business, date)
        expect(times).not.toContain('09:00')
        expect(times).toContain('12:00')
      }

      await page.getByRole('button', { name: /^Remove the time off/ }).click()
      await expect(page.getByText('None entered.')).toBeVisible()
      expect(await offeredTimes(page, business, dateAhead(10))).toContain('09:00')

      await page.getByLabel('First day').fill(day)
      await page.getByLabel('Last day').fill(dateAhead(2))
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByLabel('Last day')).toHaveAttribute('aria-invalid', 'true')
    })
  })
}

async function openHours(page: Page, { slug, providers }: Business): Promise<void> {
  await page.goto(`/app/${slug}/providers/${providers[0]?.id ?? ''}`)
  await page.getByRole('link', { name: 'Hours' }).last().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Always')
}
