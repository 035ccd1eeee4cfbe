import { expect, test } from '@playwright/test'
import { DEMO_LOGIN } from '../../apps/server/src/demo/demo-business.ts'
import { newPerson } from '../booking/people.ts'
import { bookTime, dateAhead, newBusiness, offeredTimes, signInToDemo } from './members.ts'

test.use({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })

test('a page of the back office asks to sign in, and leads on to where one wanted to go', async ({ page }) => {
  await page.goto('/app/demo/messages?state=sent')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await page.getByLabel('Email').fill(DEMO_LOGIN.email)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toHaveText('The email or the password is not right.')
  await page.getByLabel('Password').fill(DEMO_LOGIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/app\/demo\/messages\?state=sent$/)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out.')).toBeVisible()
  await page.goto('/app/demo')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
})

test('the owner sees today, the week and the day of all providers', async ({ page }) => {
  await signInToDemo(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Today')
  await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Calendar' }).click()
  await expect(page.getByRole('heading', { level: 3 })).toHaveCount(7)
  await page.getByRole('link', { name: 'Day', exact: true }).click()
  await expect(page.getByRole('heading', { level: 3, name: 'Dr. Clara Voss' })).toBeVisible()
  await page.getByLabel('With').selectOption('Maya Ellison')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page.getByRole('heading', { level: 3 })).toHaveText(['Maya Ellison'])
})

test('nobody sees the back office of a business that is not theirs', async ({ page, baseURL }) => {
  await newBusiness(page, baseURL ?? '')
  for (const part of ['', '/customers', '/settings', '/calendar']) {
    const answer = await page.goto(`/app/demo${part}`)
    expect(answer?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not a member of this business')
  }
})

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a member books for a customer, moves the appointment, and cancels it', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const person = newPerson()
      await page.goto(`/app/${business.slug}/bookings/new`)
      await page.getByRole('link', { name: 'Massage' }).click()
      await page.getByLabel('From').fill(dateAhead(2))
      await page.getByLabel('With').first().selectOption('Bela Muster')
      await page.getByRole('button', { name: 'Show' }).click()
      await expect(page).toHaveURL(/provider=/)
      await page.locator('a[href*="pick="]').filter({ hasText: '10:00' }).first().click()
      await page.getByLabel('Name', { exact: true }).fill(person.name)
      await page.getByLabel('Email', { exact: true }).fill(person.email)
      await page.getByRole('button', { name: 'Book', exact: true }).click()
      await expect(page.getByText('Booked. The confirmation is on its way.')).toBeVisible()
      await expect(page.getByText('Bela Muster')).toBeVisible()

      await page.getByRole('link', { name: 'Move' }).click()
      await page.getByText('11:30', { exact: true }).first().click()
      await page.getByRole('button', { name: 'Move to this time' }).click()
      await expect(page.getByText('Moved. The updated invitation is on its way.')).toBeVisible()
      await expect(page.getByText('11:30–12:00').first()).toBeVisible()
      await expect(page.getByText('Bela Muster')).toBeVisible()

      await page.getByLabel('Reason').fill('The room is being painted.')
      await page.getByRole('button', { name: 'Cancel the appointment' }).click()
      await expect(page.getByText('Cancelled. The customer is being told.')).toBeVisible()
      await expect(page.getByText('The room is being painted.')).toBeVisible()
      await expect(page.getByRole('link', { name: 'Move' })).toHaveCount(0)

      await page.goto(`/app/${business.slug}/customers?q=${encodeURIComponent(person.email)}`)
      await page.getByRole('link', { name: person.name }).click()
      await page.getByLabel('Notes').fill('Prefers mornings.')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByLabel('Notes')).toHaveValue('Prefers mornings.')
    })

    test('moving onto a taken time is refused, and one of the nearest free times can be taken', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const date = dateAhead(3)
      await bookTime(page, baseURL ?? '', business, { date, time: '09:00' })
      const id = await bookTime(page, baseURL ?? '', business, { date, time: '14:00' })
      await page.goto(`/app/${business.slug}/bookings/${id}/move`)
      const typed = page.getByRole('region', { name: 'Any other time' })
      await typed.getByLabel('Date').fill(date)
      await typed.getByLabel('Time', { exact: true }).fill('09:00')
      await typed.getByLabel('Also if this time is not offered').check()
      await typed.getByRole('button', { name: 'Move to the typed time' }).click()
      await expect(page.getByRole('alert')).toBeVisible()
      await expect(typed.getByLabel('Time', { exact: true })).toHaveValue('09:00')
      const nearest = page.getByRole('region', { name: 'The nearest free times' })
      await nearest.locator('label').first().click()
      await nearest.getByRole('button', { name: 'Move to this time' }).click()
      await expect(page.getByText('Moved. The updated invitation is on its way.')).toBeVisible()
    })

    test('hours that are changed change the free times at once', async ({ page, baseURL }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const date = dateAhead(4)
      await page.goto(`/app/${business.slug}/schedules`)
      await page.getByRole('link', { name: 'Always' }).click()
      const exception = page.getByRole('group', { name: 'Exception 1' })
      await exception.getByLabel('Date').fill(date)
      await exception.getByLabel('From, row 1').fill('10:00')
      await exception.getByLabel('To, row 1').fill('11:00')
      await exception.getByRole('button', { name: 'Add a row: exception 1' }).click()
      await exception.getByLabel('From, row 2').fill('15:00')
      await exception.getByLabel('To, row 2').fill('15:30')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      expect(await offeredTimes(page, business, date)).toEqual(['10:00', '10:30', '15:00'])

      await page.goto(new URL(page.url()).pathname)
      await page.getByRole('group', { name: 'Exception 1' }).getByLabel('Date').fill('')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      expect(await offeredTimes(page, business, date)).toHaveLength(48)
    })

    test('a manager adds somebody, a room and a service, and takes the service away again', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const base = `/app/${business.slug}`
      await page.goto(`${base}/providers/new`)
      await page.getByLabel('Name', { exact: true }).fill('Cleo Muster')
      await page.getByRole('button', { name: 'Create' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()

      await page.goto(`${base}/places`)
      const rooms = page.getByRole('region', { name: 'Rooms and devices' })
      await rooms.getByLabel('Name').fill('Blue room')
      await rooms.getByRole('button', { name: 'Add' }).click()
      await expect(rooms.getByText('Blue room')).toBeVisible()

      await page.goto(`${base}/services/new`)
      await page.getByLabel('Name of the service').fill('Long talk')
      await page.getByLabel('Durations (minutes)').fill('sixty')
      await page.getByLabel('Price in EUR').fill('80')
      await page.getByLabel('Cleo Muster').check()
      await page.getByLabel('Blue room').check()
      await page.getByLabel('New question').fill('What about?')
      await page.getByRole('button', { name: 'Create' }).click()
      await expect(page.getByText('Please enter a number.')).toBeVisible()
      await expect(page.getByLabel('Cleo Muster')).toBeChecked()
      await page.getByLabel('Durations (minutes)').fill('60, 90')
      await page.getByRole('button', { name: 'Create' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByLabel('Question 1')).toHaveValue('What about?')

      await page.goto(`/${business.slug}/long-talk`)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Long talk')
      await page.goBack()
      await page.getByRole('button', { name: 'Archive the service' }).click()
      await expect(page.getByText('The service is archived.')).toBeVisible()
      expect((await page.goto(`/${business.slug}/long-talk`))?.status()).toBe(404)
    })
  })
}
