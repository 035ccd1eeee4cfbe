import { expect, test } from '@playwright/test'
import { changeService, dateAhead, newBusiness } from '../office/members.ts'
import { expectNothingFound } from '../stack/accessible.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a party gives a seat back, and one of them goes to another time', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      await changeService(page, baseURL ?? '', business, { capacity: 5 })
      const booked = await page.request.post(`/api/v1/organizations/${business.slug}/bookings`, {
        headers: { origin: baseURL ?? '' },
        data: {
          ...{ service: business.serviceId, provider: business.providers[0]?.id, seats: 4 },
          start: Temporal.PlainDateTime.from(`${dateAhead(3)}T10:00`)
            .toZonedDateTime('Europe/Berlin')
            .toInstant()
            .toString(),
          customer: { name: 'Karl Kunde', email: `karl.${business.slug}@example.com` },
        },
      })
      const { manageUrl, booking } = (await booked.json()) as { manageUrl: string; booking: { id: string } }
      await page.goto(manageUrl)
      await page.getByRole('link', { name: 'Change the number of people' }).click()
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByLabel('Seats').fill('3')
      await page.getByRole('main').getByRole('button', { name: 'Change' }).click()
      await expect(page.getByText('The number of people has changed.')).toBeVisible()
      await expect(page.getByRole('region', { name: 'Your appointment' }).getByText('3', { exact: true })).toBeVisible()

      await page.getByRole('link', { name: 'Choose another time' }).click()
      await page.locator('a[href*="start="]').first().click()
      await page.getByLabel('How many of you go').fill('1')
      await page.getByRole('button', { name: 'Move the appointment' }).click()
      await expect(page.getByText('Your appointment has moved.')).toBeVisible()
      expect(page.url()).not.toContain(booking.id)

      await page.goto(`/app/${business.slug}/bookings/${booking.id}`)
      await expect(page.getByRole('spinbutton', { name: 'Seats' })).toHaveValue('2')
      await page.getByRole('spinbutton', { name: 'Seats' }).fill('1')
      await page.getByRole('button', { name: 'Change the seats' }).click()
      await expect(page.getByRole('spinbutton', { name: 'Seats' })).toHaveValue('1')
    })
  })
}
