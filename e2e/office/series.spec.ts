import { expect, test } from '@playwright/test'
import { mailsTo } from '../booking/mail.ts'
import { bookTime, dateAhead, newBusiness } from './members.ts'
import { expectNothingFound } from '../stack/accessible.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('an appointment is repeated, and what is not free goes elsewhere or is left out', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      for (const days of [10, 17])
        await bookTime(page, baseURL ?? '', business, { date: dateAhead(days), time: '10:00' })
      await page.goto(`/app/${business.slug}/bookings/new?service=${business.serviceId}`)
      await page.getByLabel('Date', { exact: true }).fill(dateAhead(3))
      await page.getByLabel('Time', { exact: true }).fill('10:00')
      await page.getByLabel('With').last().selectOption('Anna Muster')
      await page.getByRole('button', { name: 'Take this time' }).click()
      await page.getByRole('link', { name: 'Repeat' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Repeat this appointment')
      await page.getByLabel('How many times').fill('4')
      await page.getByRole('button', { name: 'Show' }).click()
      await expect(page.getByText('2 of 4 are free.')).toBeVisible()
      const others = page.getByLabel(/^Instead of/)
      await expect(others).toHaveCount(2)
      await others.last().selectOption('Leave out')
      const email = `gina.${business.slug}@example.com`
      await page.getByLabel('Name', { exact: true }).fill('Gina Gast')
      await page.getByLabel('Email', { exact: true }).fill(email)
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByRole('button', { name: 'Book these appointments' }).click()
      await expect(page.getByRole('heading', { name: 'A series' })).toBeVisible()
      const list = page.getByRole('listitem').filter({ hasText: 'Confirmed' })
      await expect(list).toHaveCount(3)
      const [mail] = await mailsTo(email, 1)
      expect(mail?.subject).toContain('(+2)')

      await page.getByLabel('Which appointments').selectOption('All that are still to come')
      await page.getByLabel('Reason').fill('Moved away')
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByRole('button', { name: 'Cancel the appointment' }).click()
      await expect(page.getByRole('listitem').filter({ hasText: 'Cancelled' })).toHaveCount(3)
      expect(await mailsTo(email, 2)).toHaveLength(2)
    })

    test('the rest of a series moves at once, or stays when one of the times is taken', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const answer = await page.request.post(
        `/api/v1/organizations/${business.slug}/services/${business.serviceId}/series/bookings`,
        {
          headers: { origin: baseURL ?? '' },
          data: {
            ...{ start: `${dateAhead(3)}T10:00`, rule: 'FREQ=WEEKLY;COUNT=3', provider: business.providers[0]?.id },
            customer: { name: 'Karl Kunde', email: `karl.${business.slug}@example.com` },
          },
        },
      )
      const { bookings } = (await answer.json()) as { bookings: { id: string }[] }
      for (const provider of [0, 1])
        await bookTime(page, baseURL ?? '', business, { date: dateAhead(17), time: '15:00', provider })
      const moveTo = async (time: string) => {
        await page.goto(`/app/${business.slug}/bookings/${bookings[0]?.id ?? ''}/move`)
        await page.getByLabel('Time', { exact: true }).fill(time)
        await page.getByLabel('Which appointments').last().selectOption('All that are still to come')
        await page.getByRole('button', { name: 'Move to the typed time' }).click()
      }
      await moveTo('15:00')
      await expect(page.getByText('1 of 3 times are not free')).toBeVisible()
      await expect(page.getByText('Not free')).toBeVisible()
      await moveTo('16:00')
      await expect(page.getByRole('heading', { name: 'A series' })).toBeVisible()
      await expect(page.getByRole('listitem').filter({ hasText: /4:00 PM|16:00/ })).toHaveCount(3)
    })
  })
}
