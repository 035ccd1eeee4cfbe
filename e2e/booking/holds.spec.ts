import { expect, test, type Page } from '@playwright/test'
import pg from 'pg'
import { bookTime, changeService, dateAhead, newBusiness, offeredTimes, type Business } from '../office/members.ts'
import { fillForm, formAddress, newPerson } from './people.ts'
import { expectAccessible, expectNothingFound } from '../stack/accessible.ts'

test.use({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })

const KEPT = /^This time is kept for you until \d\d:\d\d\.$/
const DATE = dateAhead(3)

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a time that is chosen is kept: nobody else sees it until it is let go or booked', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      await choose(page, business, '10:00')
      await expect(page.getByText(KEPT)).toBeVisible()
      expect(await offeredTimes(page, business, DATE)).not.toContain('10:00')
      await page.reload()
      await expect(page.getByText(KEPT)).toBeVisible()

      await page.getByRole('button', { name: 'Choose another time' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Massage')
      await expect(timeAt(page, '10:00')).toBeVisible()
      await timeAt(page, '11:00').click()
      await expect(page.getByText(KEPT)).toBeVisible()
      expect(await offeredTimes(page, business, DATE)).toContain('10:00')

      await openTimesOf(page, business)
      await timeAt(page, '12:00').click()
      await expect(page.getByText(KEPT)).toBeVisible()
      const offered = await offeredTimes(page, business, DATE)
      expect(offered.filter((time) => ['10:00', '11:00', '12:00'].includes(time))).toEqual(['10:00', '11:00'])

      await fillForm(page, newPerson())
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
      expect(await holdsOf(business)).toEqual([])
    })

    test('what was typed stays, and the time stays kept, when the form is not right yet', async ({ page, baseURL }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      await choose(page, business, '10:00')
      await fillForm(page, { name: 'Ada', email: 'ada@example' })
      await page.evaluate('document.querySelectorAll("form").forEach((form) => (form.noValidate = true))')
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('alert')).toContainText('Nothing was booked yet.')
      await expect(page.getByText(KEPT)).toBeVisible()
      expect(await offeredTimes(page, business, DATE)).not.toContain('10:00')
      await page.getByLabel('Email').fill(newPerson().email)
      await page.getByLabel('Email').press('Enter')
      await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
    })

    test('a time is kept for longer once, near its end', async ({ page, baseURL }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      if (javaScriptEnabled) await page.clock.install()
      await choose(page, business, '10:00')
      await page.getByLabel('Your name').fill('Ada Beispiel')
      const longer = page.getByRole('button', { name: 'Keep it for longer' })
      if (javaScriptEnabled) {
        await expect(page.getByText(/^(?:5:00|4:\d\d)$/)).toBeVisible()
        await expect(longer).toHaveCount(0)
        await page.clock.fastForward(190_000)
        await expect(page.getByText('Less than two minutes are left.')).toBeVisible()
        await expect(page.getByText(/^1:[0-5]\d$/)).toBeVisible()
        await expectNothingFound(page)
      }
      await longer.click()
      await expect(longer).toHaveCount(0)
      await expect(page.getByText(KEPT)).toBeVisible()
      await expect(page.getByLabel('Your name')).toHaveValue('Ada Beispiel')
    })

    test('a time that ran out is kept once more while it is free, and is said to be taken when it is', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      await choose(page, business, '10:00')
      await runOut(business)
      await page.reload()
      await expect(page.getByText('This time is no longer kept for you, but it is still free.')).toBeVisible()
      await page.getByLabel('Your name').fill('Ada Beispiel')
      await page.getByRole('button', { name: 'Keep it for me' }).click()
      await expect(page.getByText(KEPT)).toBeVisible()
      await expect(page.getByLabel('Your name')).toHaveValue('Ada Beispiel')
      await runOut(business)
      await bookTime(page, baseURL ?? '', business, { date: DATE, time: '10:00' })
      await page.reload()
      await expect(page.getByRole('alert')).toHaveText(/This time is (?:not free any more|taken)\./)
      await page.getByLabel('Your name').fill('Ada Beispiel')
      await page.getByRole('group', { name: 'The nearest free times' }).getByRole('button', { name: '10:30' }).click()
      await expect(page.getByText(KEPT)).toBeVisible()
      await expect(page.getByLabel('Your name')).toHaveValue('Ada Beispiel')
      await fillForm(page, newPerson())
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
      expect(await offeredTimes(page, business, DATE)).not.toContain('10:30')
    })

    test('a form that took longer than its time was kept books it while it is free', async ({ page, baseURL }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      await choose(page, business, '10:00')
      await fillForm(page, newPerson())
      await runOut(business)
      await page.getByRole('button', { name: 'Book now' }).click()
      await expect(page.getByRole('heading', { name: 'Your appointment is booked' })).toBeVisible()
    })

    test('an address alone keeps nothing until it is asked to', async ({ page, baseURL }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      await openTimesOf(page, business)
      await page.goto(await formAddress(timeAt(page, '10:00')))
      await expect(page.getByText('This time is free, but not yet kept for you.')).toBeVisible()
      expect(await offeredTimes(page, business, DATE)).toContain('10:00')
      await page.getByRole('button', { name: 'Keep it for me' }).click()
      await expect(page.getByText(KEPT)).toBeVisible()
      expect(await offeredTimes(page, business, DATE)).not.toContain('10:00')
    })

    test('seats of a group are kept, too', async ({ page, baseURL }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      await changeService(page, baseURL ?? '', business, { capacity: 5 })
      const time = page.locator(`button[formaction*="${DATE}T10%3A00"]`)
      await openTimesOf(page, business, '&seats=3')
      await time.click()
      await expect(page.getByText(KEPT)).toBeVisible()
      const visitor = await page
        .context()
        .browser()
        ?.newPage({ ...(baseURL && { baseURL }), javaScriptEnabled })
      if (!visitor) throw new Error('There is no browser')
      await openTimesOf(visitor, business)
      await expect(visitor.locator(`button[formaction*="${DATE}T10%3A00"]`)).toContainText('2 seats left')
      await visitor.close()
    })
  })
}

test('going back, leaving for another page and closing the tab give the time back; a new look at the form tells so', async ({
  page,
  context,
  baseURL,
}) => {
  const business = await newBusinessOfOne(page, baseURL ?? '')
  await choose(page, business, '10:00')
  await expect(page.getByText(/^(?:5:00|4:\d\d)$/)).toBeVisible()
  await page.goBack()
  await expect(timeAt(page, '10:00')).toBeVisible()
  await page.goForward()
  await expect(page.getByText('This time is free, but not yet kept for you.')).toBeVisible()

  await page.getByRole('button', { name: 'Keep it for me' }).click()
  await expect(page.getByText(KEPT)).toBeVisible()
  await page.getByRole('link', { name: business.name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(business.name)
  await expect.poll(() => offeredTimes(page, business, DATE)).toContain('10:00')

  const tab = await context.newPage()
  await choose(tab, business, '11:00')
  await expect(tab.getByText(/\d:\d\d$/).last()).toBeVisible()
  await tab.close({ runBeforeUnload: true })
  await expect.poll(() => offeredTimes(page, business, DATE)).toContain('11:00')
})

for (const { colorScheme, language, width } of [
  { colorScheme: 'dark', language: 'de', width: 320 },
  { colorScheme: 'light', language: 'ar', width: 390 },
] as const) {
  test.describe(`at ${String(width)} pixels in ${language}`, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } })

    test('axe finds nothing on the form, whatever became of its time, and it does not scroll sideways', async ({
      page,
      context,
      baseURL,
    }) => {
      const business = await newBusinessOfOne(page, baseURL ?? '')
      await context.addCookies([{ name: 'slotkeeper_language', value: language, url: baseURL ?? '' }])
      await choose(page, business, '10:00')
      await expectAccessible(page)
      await runOut(business)
      await page.reload()
      await expectAccessible(page)
      await bookTime(page, baseURL ?? '', business, { date: DATE, time: '10:00' })
      await page.reload()
      await expectAccessible(page)
    })
  })
}

/** A business with one person, so that whoever keeps a time keeps it from everybody. */
async function newBusinessOfOne(page: Page, baseURL: string): Promise<Business> {
  const business = await newBusiness(page, baseURL)
  await changeService(page, baseURL, business, { providers: [business.providers[0]?.id] })
  return business
}

async function openTimesOf(page: Page, { slug }: Business, more = ''): Promise<void> {
  await page.goto(`/${slug}/massage?tz=Europe/Berlin&date=${DATE}${more}`)
}

function timeAt(page: Page, time: string) {
  return page.locator(`button[formaction*="${DATE}T${encodeURIComponent(time)}"]`)
}

async function choose(page: Page, business: Business, time: string): Promise<void> {
  await openTimesOf(page, business)
  await timeAt(page, time).click()
  await expect(page).toHaveURL(/\/book\?start=/)
}

/** Lets all that is kept at the business run out, as it does by itself after some minutes. */
async function runOut({ slug }: Business): Promise<void> {
  await ask(`update hold set expires_at = now() - interval '1 second' where organization_id = ${IDENTITY}`, slug)
}

async function holdsOf({ slug }: Business): Promise<unknown[]> {
  return ask(`select * from hold where organization_id = ${IDENTITY}`, slug)
}

const IDENTITY = '(select organization_id from organization_slug where slug = $1)'

async function ask(sql: string, slug: string): Promise<unknown[]> {
  const db = new pg.Client({ connectionString: process.env['E2E_DATABASE_URL'] })
  await db.connect()
  try {
    return (await db.query<object>(sql, [slug])).rows
  } finally {
    await db.end()
  }
}
