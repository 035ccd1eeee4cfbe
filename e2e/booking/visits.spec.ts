import { expect, test, type Page } from '@playwright/test'
import { bookTime, changeService, dateAhead, newBusiness, type Business } from '../office/members.ts'
import { mailsTo } from './mail.ts'
import { newPerson } from './people.ts'
import { expectAccessible } from '../stack/accessible.ts'

test.use({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })

const DATE = dateAhead(3)

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('two services are booked one after another, and each is changed by itself', async ({ page, baseURL }) => {
      const business = await newSalon(page, baseURL ?? '')
      const person = newPerson('Grace Hopper')
      await page.goto(`/${business.slug}/massage?tz=Europe/Berlin`)
      await page.getByRole('link', { name: 'Add another service' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Several services in one visit')
      await expect(page.getByText('Add a second service to see the times at which both fit.')).toBeVisible()
      await page.getByLabel('Another service').selectOption('Facial')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await expect(page.getByRole('listitem').filter({ hasText: 'Facial' })).toBeVisible()
      await page.getByLabel('With: Massage').selectOption('Bela Muster')
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Show times' }).click()
      await expect(page).toHaveURL(new RegExp(`with=${business.providers[1]?.id ?? ''}`))
      await page.getByRole('link', { name: 'Later days' }).click()
      await page.locator('a[href*="/visit/book?"]').nth(4).click()

      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Book this visit')
      const summary = page.getByRole('region', { name: 'Your visit' })
      await expect(summary.getByRole('listitem')).toHaveText([/Massage.*Bela Muster/s, /Facial/])
      await expect(summary.getByText('€55.00')).toBeVisible()
      await page.getByLabel('Your name').fill(person.name)
      await page.getByLabel('Email').fill(person.email)
      await page.getByRole('group', { name: 'Facial' }).getByLabel('Which skin?').fill('Dry')
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your visit is booked')

      const [mail] = await mailsTo(person.email, 1)
      expect(mail?.subject).toContain('(+1)')
      await page.goto(mail?.link ?? '')
      const together = page.getByRole('region', { name: 'Booked together' })
      await expect(together.getByRole('listitem')).toHaveCount(2)
      await together.getByRole('link', { name: 'Facial' }).click()
      await expect(page.getByRole('region', { name: 'Your appointment' })).toContainText('Facial')
      await page.getByRole('link', { name: 'Cancel appointment' }).click()
      await page.getByRole('button', { name: 'Yes, cancel it' }).click()
      await expect(page.getByRole('heading', { name: 'This appointment is cancelled' })).toBeVisible()
      await together.getByRole('link', { name: 'Massage' }).click()
      await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
      await expect(together).toContainText('This appointment is cancelled')
    })

    test('a visit that no longer fits keeps what was typed and offers the nearest times', async ({ page, baseURL }) => {
      const business = await newSalon(page, baseURL ?? '')
      await openForm(page, business, '10:00')
      await page.getByLabel('Your name').fill('Grace Hopper')
      await page.getByLabel('Email').fill(newPerson().email)
      await page.getByLabel('Which skin?').fill('Dry')
      for (const provider of [0, 1])
        await bookTime(page, baseURL ?? '', business, { date: DATE, time: '10:00', provider })
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('alert')).toContainText('Not all of it fits at this time any more.')
      await expect(page.getByLabel('Which skin?')).toHaveValue('Dry')
      await page.getByRole('button', { name: /^Take .*10:30/ }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your visit is booked')

      await openForm(page, business, '10:00')
      await expect(page.getByRole('alert')).toHaveText('This time is not free any more.')
      await page.getByRole('navigation', { name: 'The nearest free times' }).getByRole('link').first().click()
      await expect(page.getByRole('alert')).toHaveCount(0)
    })

    test('a question of one of the services is pointed at when it is left out', async ({ page, baseURL }) => {
      const business = await newSalon(page, baseURL ?? '')
      await openForm(page, business, '10:00')
      await page.getByLabel('Your name').fill('Grace Hopper')
      await page.getByLabel('Email').fill(newPerson().email)
      await page.evaluate('document.querySelectorAll("form").forEach((form) => (form.noValidate = true))')
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('alert')).toContainText('Nothing was booked yet.')
      await expect(page.getByLabel('Which skin?')).toHaveAttribute('aria-invalid', 'true')
    })

    test('a service is taken out of a visit again', async ({ page, baseURL }) => {
      const business = await newSalon(page, baseURL ?? '')
      await page.goto(`/${business.slug}/massage/visit?tz=Europe/Berlin&and=facial&and=massage`)
      const services = page.getByRole('group', { name: 'Your services, in their order' })
      await expect(services.getByRole('listitem')).toHaveText([/^\s*Massage/, /^\s*Facial/, /^\s*Massage/])
      await services.getByRole('link', { name: 'Remove Massage' }).first().click()
      await expect(services.getByRole('listitem')).toHaveText([/^\s*Facial/, /^\s*Massage/])
      await expect(page).toHaveURL(/\/facial\/visit/)
    })
  })
}

test('a business with one service, or a class, offers no visit', async ({ page, baseURL }) => {
  const business = await newBusiness(page, baseURL ?? '')
  await page.goto(`/${business.slug}/massage`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Massage')
  await expect(page.getByRole('link', { name: 'Add another service' })).toHaveCount(0)
  await page.goto('/demo/yoga')
  await expect(page.getByRole('link', { name: 'Add another service' })).toHaveCount(0)
  expect((await page.goto('/demo/yoga/visit'))?.status()).toBe(404)
})

test('a visit is put together and booked by keyboard alone', async ({ page, baseURL }) => {
  const business = await newSalon(page, baseURL ?? '')
  await page.goto(`/${business.slug}/massage/visit?tz=Europe/Berlin`)
  await page.getByLabel('Another service').focus()
  await page.keyboard.type('Fac')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const times = page.locator('a[href*="/visit/book?"]')
  await times.nth(3).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Your name').fill('Grace Hopper')
  await page.getByLabel('Email').fill(newPerson().email)
  await page.getByLabel('Which skin?').fill('Dry')
  await page.getByLabel('Which skin?').press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your visit is booked')
})

for (const { colorScheme, language, width } of [
  { colorScheme: 'light', language: 'en', width: 1280 },
  { colorScheme: 'dark', language: 'de', width: 320 },
  { colorScheme: 'light', language: 'ar', width: 390 },
] as const) {
  test.describe(`at ${String(width)} pixels in ${language}`, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } })

    test('axe finds nothing on the pages of a visit, and none scrolls sideways', async ({ page, context, baseURL }) => {
      const business = await newSalon(page, baseURL ?? '')
      await openForm(page, business, '10:00')
      await page.getByLabel('Your name').fill('Grace Hopper')
      await page.getByLabel('Email').fill(newPerson().email)
      await page.getByLabel('Which skin?').fill('Dry')
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your visit is booked')
      const booked = page.url()
      await context.addCookies([{ name: 'slotkeeper_language', value: language, url: baseURL ?? '' }])
      const visit = `/${business.slug}/massage/visit`
      for (const address of [
        ...[booked, visit, `${visit}?and=facial&date=${DATE}`, formAddress(business, '10:00')],
        formAddress(business, '11:00'),
      ]) {
        await page.goto(address)
        await expect(page.locator('html')).toHaveAttribute('lang', language)
        await expectAccessible(page)
      }
    })
  })
}

/** A business with a massage and a facial, both done by either of two people. */
async function newSalon(page: Page, baseURL: string): Promise<Business> {
  const business = await newBusiness(page, baseURL)
  await changeService(page, baseURL, business, { priceMinor: 3000 })
  const answer = await page.request.post(`/api/v1/organizations/${business.slug}/services`, {
    headers: { origin: baseURL },
    data: {
      ...{ name: 'Facial', slug: 'facial', durationsMin: [45], stepMin: 15, noticeMin: 0, priceMinor: 2500 },
      questions: [{ id: 'skin', label: 'Which skin?', kind: 'text', required: true }],
      providers: business.providers.map(({ id }) => id),
    },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return business
}

function formAddress({ slug }: Business, time: string): string {
  const start = Temporal.PlainDateTime.from(`${DATE}T${time}`).toZonedDateTime('Europe/Berlin').toInstant()
  const search = new URLSearchParams({ and: 'facial', tz: 'Europe/Berlin', start: start.toString() })
  return `/${slug}/massage/visit/book?${search.toString()}`
}

async function openForm(page: Page, business: Business, time: string): Promise<void> {
  await page.goto(formAddress(business, time))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Book this visit')
}
