import { expect, test, type Page } from '@playwright/test'
import { mailsTo } from './mail.ts'
import { fillForm, formAddress, freeTimes, newPerson, openTimes } from './people.ts'

test.use({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a visitor books from the page of the business, gets an invitation, moves it, and cancels it', async ({
      page,
    }) => {
      const person = newPerson()
      await page.goto('/demo')
      await page.getByRole('link', { name: 'Consultation' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Consultation')
      await pickTime(page, javaScriptEnabled ? 3 : 12)
      await fillForm(page, person)
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
      await expect(page.getByText(`A confirmation to ${person.email} is on its way.`)).toBeVisible()

      const [booked] = await mailsTo(person.email, 1)
      await page.goto(booked?.link ?? '')
      await page.getByRole('link', { name: 'Choose another time' }).click()
      await openNextMonth(page)
      await page
        .locator('a[href*="start="]')
        .nth(javaScriptEnabled ? 5 : 15)
        .click()
      await page.getByRole('button', { name: 'Move the appointment' }).click()
      await expect(page.getByText('Your appointment has moved.')).toBeVisible()

      const [, moved] = await mailsTo(person.email, 2)
      await page.goto(moved?.link ?? '')
      await page.getByRole('link', { name: 'Cancel appointment' }).click()
      await page.getByLabel('Reason').fill('I have a cold.')
      await page.getByRole('button', { name: 'Yes, cancel it' }).click()
      await expect(page.getByRole('heading', { name: 'This appointment is cancelled' })).toBeVisible()

      const invitations = (await mailsTo(person.email, 3)).map(({ invitation }) => invitation)
      expect(invitations.map(methodOf)).toEqual(['REQUEST', 'REQUEST', 'CANCEL'])
      expect(invitations.map(sequenceOf)).toEqual([0, 1, 2])
      expect(new Set(invitations.map(uidOf)).size).toBe(1)
    })

    test('two people want one time: one gets it, the other is offered others and keeps what was typed', async ({
      page,
      context,
    }) => {
      const [first, second] = [newPerson('Erste Person'), newPerson('Zweite Person')]
      await openTimes(page, 'video-follow-up', javaScriptEnabled ? 10 : 11)
      const address = await formAddress(freeTimes(page).nth(javaScriptEnabled ? 2 : 4))
      const { provider } = await oneProviderOf(page, address)
      const rival = await context.newPage()
      for (const tab of [page, rival]) await tab.goto(`${address}&provider=${provider}`)
      await fillForm(page, first)
      await fillForm(rival, second)
      await rival.getByLabel('Phone').fill('+49 30 123456')
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()

      await rival.getByRole('button', { name: 'Book now' }).click()
      await expect(rival.getByRole('alert')).toContainText('Someone else has just booked this time.')
      await expect(rival.getByLabel('Your name')).toHaveValue(second.name)
      await expect(rival.getByLabel('Email')).toHaveValue(second.email)
      await expect(rival.getByLabel('Phone')).toHaveValue('+49 30 123456')
      await rival
        .getByRole('button', { name: /^Take / })
        .first()
        .click()
      await expect(rival.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
    })

    test('an email address that is none is refused, and nothing that was typed is lost', async ({ page }) => {
      await openTimes(page, 'video-follow-up', 12)
      await freeTimes(page).last().click()
      await fillForm(page, { name: '<b>Ada</b>', email: 'ada@example' })
      // What a browser checks itself, others leave to the server.
      await page.evaluate('document.querySelectorAll("form").forEach((form) => (form.noValidate = true))')
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('alert')).toContainText('Nothing was booked yet.')
      await expect(page.getByLabel('Your name')).toHaveValue('<b>Ada</b>')
      await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true')
    })
  })
}

test('free times follow the browser’s own time zone', async ({ browser }) => {
  const context = await browser.newContext({ timezoneId: 'Asia/Kathmandu', locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto('/demo/video-follow-up')
  await expect(page.getByText(/Times in Nepal Time \(Asia.Kath?mandu\)/)).toBeVisible()
  await context.close()
})

test('a class shows the seats that are left, and lets several be booked at once', async ({ page }) => {
  const person = newPerson()
  await openTimes(page, 'yoga', 10)
  await expect(freeTimes(page).first()).toContainText(/\d+ seats? left/)
  await page.getByLabel('Seats').selectOption('2')
  await expect(page).toHaveURL(/seats=2/)
  await freeTimes(page).last().click()
  await fillForm(page, person)
  await page.getByRole('button', { name: 'Book now' }).click()
  await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
})

test('the calendar file of a booking can be downloaded', async ({ page }) => {
  const person = newPerson()
  await openTimes(page, 'video-follow-up', 13)
  await freeTimes(page).nth(9).click()
  await fillForm(page, person)
  await page.getByRole('button', { name: 'Book now' }).click()
  const href = (await page.getByRole('link', { name: 'Add to calendar' }).getAttribute('href')) ?? ''
  const answer = await page.request.get(href)
  expect(answer.headers()['content-type']).toContain('text/calendar')
  expect(await answer.text()).toContain('METHOD:PUBLISH')
})

test('a forged link, an unknown business and an unknown page say so', async ({ page }) => {
  const forged = await page.goto('/booking/0198c0de-0000-7000-8000-000000000000?token=forged')
  expect(forged?.status()).toBe(403)
  await expect(page.getByRole('heading', { name: 'This link is not valid' })).toBeVisible()
  expect((await page.goto('/no-such-business'))?.status()).toBe(404)
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible()
  expect((await page.goto('/demo/no-such-service'))?.status()).toBe(404)
})

/** A time next month, so that the policy still lets it be moved and cancelled. */
async function pickTime(page: Page, index: number): Promise<void> {
  await openNextMonth(page)
  await freeTimes(page).nth(index).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Book: Consultation')
}

async function openNextMonth(page: Page): Promise<void> {
  const heading = page.locator('#month')
  const thisMonth = await heading.textContent()
  await page.getByRole('link', { name: 'Next month' }).click()
  await expect(heading).not.toHaveText(thisMonth ?? '')
}

/** Somebody who is free at the time of an address, so that two people really want the same. */
async function oneProviderOf(page: Page, address: string): Promise<{ provider: string }> {
  const start = new URL(address, 'http://page').searchParams.get('start') ?? ''
  const date = start.slice(0, 10)
  const answer = await page.request.get(
    `/api/v1/organizations/demo/services/video-follow-up/slots?from=${date}&to=${date}&timeZone=Europe/Berlin`,
  )
  const body = (await answer.json()) as { days: { slots: { start: string; providers: string[] }[] }[] }
  const slot = body.days.flatMap(({ slots }) => slots).find((one) => Date.parse(one.start) === Date.parse(start))
  return { provider: slot?.providers[0] ?? '' }
}

function methodOf(invitation: string): string {
  return /^METHOD:(.+)$/m.exec(invitation)?.[1]?.trim() ?? ''
}

function uidOf(invitation: string): string {
  return /^UID:(.+)$/m.exec(invitation)?.[1]?.trim() ?? ''
}

function sequenceOf(invitation: string): number {
  return Number(/^SEQUENCE:(\d+)/m.exec(invitation)?.[1] ?? -1)
}
