import { expect, test, type Page } from '@playwright/test'
import { changeService, dateAhead, newBusiness, type Business } from '../office/members.ts'
import { mailsTo, type Mail } from './mail.ts'
import { newPerson } from './people.ts'
import { expectAccessible, expectNothingFound } from '../stack/accessible.ts'

test.use({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })

/** Not tomorrow: the one time of a day begins at midnight, and shortly before it there is no time left to take an offer. */
const DAY = dateAhead(2)
const LATER = dateAhead(3)

const LINK = /https?:\S+\/wish\/\S+/

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('who finds no time waits, is offered what frees up by mail, and takes it', async ({ page, baseURL }) => {
      const business = await newFullBusiness(page, baseURL ?? '')
      const booked = await book(page, { ...business, baseURL }, DAY)
      const person = newPerson('Grace Hopper')
      await page.goto(`/${business.slug}/massage`)
      await page.getByRole('link', { name: 'Tell me when a time frees up' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Wait for a time')
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByLabel('From this day').fill(DAY)
      await page.getByLabel('To this day').fill(DAY)
      await page.getByLabel('Your name').fill(person.name)
      await page.getByLabel('Email').fill(person.email)
      await page.getByRole('button', { name: 'Put me on the list' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are on the waiting list')
      await expect(page.getByText(`a mail goes to ${person.email}`)).toBeVisible()
      const [received] = await mailsTo(person.email, 1)
      expect(received?.subject).toBe('On the list: Massage')
      expect(linkIn(received)).toBe(page.url())

      await cancel(page, booked)
      const [, offered] = await mailsTo(person.email, 2)
      expect(offered?.subject).toMatch(/^Free for you: Massage/)
      await page.goto(linkIn(offered))
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('A time has become free')
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByRole('button', { name: 'Take this time' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your appointment is booked')
      const [, , confirmed] = await mailsTo(person.email, 3)
      expect(confirmed?.subject).toMatch(/^Booked: Massage/)
      await page.goto(linkIn(offered))
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have taken the time')
    })

    test('who is booked asks for an earlier time, and the appointment moves when they take it', async ({
      page,
      baseURL,
    }) => {
      const business = await newFullBusiness(page, baseURL ?? '')
      const earlier = await book(page, { ...business, baseURL }, DAY)
      const person = newPerson('Grace Hopper')
      const mine = await book(page, { ...business, baseURL }, LATER, person)
      await page.goto(`/booking/${mine.id}?token=${mine.token}`)
      await page.getByRole('link', { name: 'Ask for an earlier time' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('An earlier time')
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByLabel('From this day').fill(DAY)
      await page.getByRole('button', { name: 'Put me on the list' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are on the waiting list')
      await mailsTo(person.email, 2)
      await cancel(page, earlier)
      const [, , offered] = await mailsTo(person.email, 3)
      await page.goto(linkIn(offered))
      await expect(page.getByText('Your appointment moves to this time when you take it.')).toBeVisible()
      await page.getByRole('button', { name: 'Take this time' }).click()
      await expect(page.getByText('Your appointment has moved.')).toBeVisible()
    })

    test('the office sees who waits and what they were offered; who declines waits on until they are taken off', async ({
      page,
      baseURL,
    }) => {
      const business = await newFullBusiness(page, baseURL ?? '')
      const person = newPerson('Grace Hopper')
      await join(page, { ...business, baseURL }, person)
      const [, offered] = await mailsTo(person.email, 2)
      await page.goto(linkIn(offered))
      await page.getByRole('button', { name: 'No, keep waiting' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are on the waiting list')
      await page.goto(`/app/${business.slug}/waiting-list`)
      await expect(page.getByRole('list', { name: 'Offers to Grace Hopper' })).toContainText('Declined')
      if (javaScriptEnabled) await expectNothingFound(page)
      await page.getByRole('button', { name: 'Take off the list' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByRole('main')).toContainText('Withdrawn')
      await expect(page.getByRole('button', { name: 'Take off the list' })).toHaveCount(0)
      await page.goto(linkIn(offered))
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You wait no longer')
    })
  })
}

for (const { colorScheme, language, width } of [
  { colorScheme: 'dark', language: 'de', width: 320 },
  { colorScheme: 'light', language: 'ar', width: 390 },
] as const) {
  test.describe(`at ${String(width)} pixels in ${language}`, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } })

    test('axe finds nothing on the pages of the waiting list, and none scrolls sideways', async ({
      page,
      context,
      baseURL,
    }) => {
      const business = await newFullBusiness(page, baseURL ?? '')
      const wish = await join(page, { ...business, baseURL }, newPerson('Grace Hopper'))
      const mine = await book(page, { ...business, baseURL }, LATER)
      await context.addCookies([{ name: 'slotkeeper_language', value: language, url: baseURL ?? '' }])
      for (const address of [
        ...[`/${business.slug}/massage/wait`, `/wish/${wish.id}?token=${wish.token}`],
        ...[`/booking/${mine.id}/earlier?token=${mine.token}`, `/app/${business.slug}/waiting-list`],
      ]) {
        await page.goto(address)
        await expect(page.locator('html')).toHaveAttribute('lang', language)
        await expectAccessible(page)
      }
    })
  })
}

/** A business whose service takes so long that it has one time a day. */
async function newFullBusiness(page: Page, baseURL: string): Promise<Business> {
  const business = await newBusiness(page, baseURL)
  const [provider] = business.providers
  await changeService(page, baseURL, business, {
    ...{ durationsMin: [1440], stepMin: 1440, providers: [provider?.id] },
  })
  return business
}

type Asked = Business & { baseURL: string | undefined }
type Link = { id: string; token: string }

/** Books the one time of a date as a visitor. */
async function book(page: Page, { slug, serviceId, baseURL }: Asked, date: string, customer = newPerson()) {
  const start = Temporal.PlainDate.from(date).toZonedDateTime('Europe/Berlin').toInstant().toString()
  const answer = await ask(page, `${baseURL ?? ''}/api/v1/organizations/${slug}/bookings`, {
    ...{ service: serviceId, start, customer },
  })
  const { booking, token } = answer as { booking: { id: string }; token: string }
  return { id: booking.id, token }
}

/** Waits for that day as a visitor. */
async function join(page: Page, { slug, serviceId, baseURL }: Asked, customer: object): Promise<Link> {
  const days = { from: DAY, until: DAY }
  const answer = await ask(page, `${baseURL ?? ''}/api/v1/organizations/${slug}/wishes`, {
    ...{ service: serviceId, ...days, customer },
  })
  const { wish, token } = answer as { wish: { id: string }; token: string }
  return { id: wish.id, token }
}

async function ask(page: Page, url: string, data: object): Promise<unknown> {
  const visitor = await page.context().browser()?.newContext()
  const answer = await visitor?.request.post(url, { data })
  expect(answer?.status(), await answer?.text()).toBe(201)
  const body: unknown = await answer?.json()
  await visitor?.close()
  return body
}

async function cancel(page: Page, { id, token }: Link): Promise<void> {
  const answer = await page.request.delete(`/api/v1/bookings/${id}?token=${token}`)
  expect(answer.status()).toBe(200)
}

const linkIn = (mail: Mail | undefined) => LINK.exec(mail?.text ?? '')?.[0] ?? ''
