import { expect, test } from '@playwright/test'
import { addRoom, bookTime, changeService, dateAhead, newBusiness } from './members.ts'

test.use({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a member asks why a time is not offered, and finds the bookings in the way and the limit that is reached', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const date = dateAhead(3)
      const booked = await bookTime(page, baseURL ?? '', business, { date, time: '09:00' })
      await bookTime(page, baseURL ?? '', business, { date, time: '09:00', provider: 1 })
      await changeService(page, baseURL ?? '', business, { limits: [{ per: 'day', maxCount: 2, of: 'service' }] })
      await page.goto(`/app/${business.slug}/calendar?date=${date}`)
      await page.getByRole('link', { name: 'Why is a time not offered?' }).click()
      await expect(page.getByLabel('Date')).toHaveValue(date)
      await page.getByLabel('Time').fill('09:00')
      await page.getByRole('button', { name: 'Show why' }).click()
      await expect(page.getByText('This time is not offered.')).toBeVisible()
      await expect(page.getByText('The service has reached a limit: 2 of 2 appointments on this day.')).toBeVisible()
      await expect(page.getByText('Nobody who could serve it is free.')).toBeVisible()
      await expect(page.getByRole('main').getByText('Bela Muster').first()).toBeVisible()
      await page
        .getByRole('link', { name: /^Appointment 09:00/ })
        .first()
        .click()
      await expect(page).toHaveURL(new RegExp(`/bookings/${booked}$`))
    })

    test('a time that is offered leads on to booking it', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const query = new URLSearchParams({ service: business.serviceId, date: dateAhead(3), time: '10:30' })
      await page.goto(`/app/${business.slug}/calendar/why?${query.toString()}`)
      await expect(page.getByText('This time is offered.')).toBeVisible()
      await page.getByLabel('Time').fill('10:07')
      await page.getByRole('button', { name: 'Show why' }).click()
      await expect(page.getByText('Appointments of this service start at other times.')).toBeVisible()
      await page.getByLabel('Time').fill('10:30')
      await page.getByLabel('With').selectOption('Bela Muster')
      await page.getByRole('button', { name: 'Show why' }).click()
      await page.getByRole('link', { name: 'Book this time' }).click()
      await expect(page.getByText(/10:30.*Bela Muster/)).toBeVisible()
      await expect(page.getByLabel('Name', { exact: true })).toBeVisible()
    })

    test('a booking on behalf that is refused leads to the reasons, in the member’s language', async ({
      page,
      context,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const room = await addRoom(page, baseURL ?? '', business, { name: 'Blue room', cleanUpMin: 30 })
      await changeService(page, baseURL ?? '', business, { resources: [room] })
      const date = dateAhead(3)
      await bookTime(page, baseURL ?? '', business, { date, time: '09:00' })
      await context.addCookies([{ name: 'slotkeeper_language', value: 'de', url: baseURL ?? '' }])
      const query = new URLSearchParams({ service: business.serviceId, date, time: '09:30' })
      query.set('provider', business.providers[1]?.id ?? '')
      await page.goto(`/app/${business.slug}/bookings/new?${query.toString()}`)
      await page.getByLabel('Name', { exact: true }).fill('Karl Kunde')
      await page.getByLabel('E-Mail', { exact: true }).fill('karl@example.com')
      await page.getByRole('button', { name: 'Buchen', exact: true }).click()
      await expect(page.getByRole('alert')).toBeVisible()
      await page.getByRole('link', { name: 'Warum wird diese Zeit nicht angeboten?' }).click()
      await expect(page.getByText('Kein Raum oder Gerät, das gebraucht wird, ist frei.')).toBeVisible()
      await expect(page.getByText('Pausen, Vorbereitung oder Reinigung würden sich überschneiden.')).toBeVisible()
      await expect(page.getByRole('link', { name: /^Termin 09:00/ })).toBeVisible()
    })

    test('somebody with a link to a time that is not offered reads why, in their language', async ({
      page,
      context,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const at = (date: string, time: string) =>
        `/${business.slug}/massage/book?start=${encodeURIComponent(instantIn(date, time))}`
      await page.goto(at(dateAhead(-2), '10:00'))
      await expect(page.getByRole('alert')).toContainText('This time has passed.')
      await page.goto(at(dateAhead(300), '10:00'))
      await expect(page.getByRole('alert')).toContainText('outside of the days that can be booked')
      await context.addCookies([{ name: 'slotkeeper_language', value: 'fr', url: baseURL ?? '' }])
      await page.goto(at(dateAhead(3), '10:07'))
      await expect(page.getByRole('alert')).toContainText('commencent à d’autres heures')
      await page.getByLabel('Votre nom').fill('Léa Exemple')
      await page.getByLabel('E-mail').fill('lea@example.com')
      await page.getByRole('button', { name: 'Réserver' }).click()
      await expect(page.getByRole('alert')).toContainText('commencent à d’autres heures')
      await expect(page.getByRole('alert')).toContainText('Votre saisie est gardée')
      await expect(page.getByLabel('Votre nom')).toHaveValue('Léa Exemple')
    })
  })
}

function instantIn(date: string, time: string): string {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime('Europe/Berlin').toInstant().toString()
}
