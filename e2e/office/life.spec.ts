import { expect, test, type Page } from '@playwright/test'
import { mailsTo } from '../booking/mail.ts'
import { bookTime, changeService, dateAhead, newBusiness, type Business } from './members.ts'
import { expectNothingFound } from '../stack/accessible.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a request is approved in the office, and the next one declined with a reason', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      await changeService(page, baseURL ?? '', business, { approval: 'blocking' })
      const first = await request(page, { ...business, baseURL }, { time: '10:00', email: 'grace@example.com' })
      await page.goto(`/app/${business.slug}/bookings/${first}`)
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(page.getByText('Confirmed')).toBeVisible()

      const second = await request(page, { ...business, baseURL }, { time: '12:00', email: 'mary@example.com' })
      await page.goto(`/app/${business.slug}/bookings/${second}`)
      await page.getByLabel('Why (the customer reads it)').fill('We are at a fair.')
      await page.getByRole('button', { name: 'Decline' }).click()
      await expect(page.getByText('We are at a fair.')).toBeVisible()
      await page.goto(`/app/${business.slug}/activity`)
      await expect(page.getByText('Request declined')).toBeVisible()
      await expect(page.getByText('Request approved')).toBeVisible()
    })

    test('a provider decides about a request from the mail', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const provider = business.providers[0]?.id ?? ''
      const email = `anna.${business.slug}@example.com`
      await page.request.patch(`/api/v1/organizations/${business.slug}/providers/${provider}`, {
        headers: { origin: baseURL ?? '' },
        data: { email },
      })
      await changeService(page, baseURL ?? '', business, { approval: 'blocking' })
      await request(page, { ...business, baseURL }, { time: '10:00', email: 'grace@example.com', provider })
      await page.context().clearCookies()
      const [mail] = await mailsTo(email, 1)
      await page.goto(/https?:\S+\/decide\/\S+/.exec(mail?.text ?? '')?.[0] ?? '')
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('A request for an appointment')
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByRole('button', { name: 'Approve' }).click()
      await expect(page.getByText('It is approved: the appointment is booked.')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Decline' })).toHaveCount(0)
    })

    test('an appointment is given to somebody else', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const id = await bookTime(page, baseURL ?? '', business, { date: dateAhead(3), time: '10:00' })
      await page.goto(`/app/${business.slug}/bookings/${id}`)
      await expect(page.getByText('Anna Muster')).toBeVisible()
      await page.getByRole('button', { name: 'Give to somebody else' }).click()
      await expect(page.getByText('Bela Muster')).toBeVisible()
    })
  })
}

/** Asks for a time as a visitor, and tells the booking's id. */
async function request(
  page: Page,
  { slug, serviceId, providers, baseURL }: Business & { baseURL: string | undefined },
  { time, email, provider = providers[0]?.id ?? '' }: { time: string; email: string; provider?: string },
): Promise<string> {
  const start = Temporal.PlainDateTime.from(`${dateAhead(3)}T${time}`)
  const data = {
    ...{ service: serviceId, provider, customer: { name: 'Grace Hopper', email } },
    start: start.toZonedDateTime('Europe/Berlin').toInstant().toString(),
  }
  const visitor = await page.context().browser()?.newContext()
  const answer = await visitor?.request.post(`${baseURL}/api/v1/organizations/${slug}/bookings`, { data })
  const { booking } = (await answer?.json()) as { booking: { id: string; state: string } }
  await visitor?.close()
  expect(booking.state).toBe('pending')
  return booking.id
}
