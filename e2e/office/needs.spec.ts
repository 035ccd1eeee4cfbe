import { expect, test, type Page } from '@playwright/test'
import { addRoom, dateAhead, newBusiness, offeredTimes, type Business } from './members.ts'

test.use({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('a simple service stays simple: one of these people, and perhaps one of these rooms', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      await addRoom(page, baseURL ?? '', business, { name: 'Blue room' })
      await openNeeds(page, business)
      await page.getByLabel('Blue room').check()
      await page.getByLabel('Bela Muster').uncheck()
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByRole('button', { name: 'It needs more' })).toBeVisible()
      await expect(page.getByLabel('Blue room')).toBeChecked()
      await expect(page.getByLabel('Bela Muster')).not.toBeChecked()
    })

    test('an appointment gets parts: first one person in a room, then both with a laser, by turns', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      for (const name of ['Room A', 'Room B', 'Laser']) await addRoom(page, baseURL ?? '', business, { name })
      await openNeeds(page, business)
      await page.getByRole('button', { name: 'It needs more' }).click()
      await page.getByRole('button', { name: 'Add rooms or devices' }).click()
      const rooms = page.getByRole('group', { name: 'Rooms and devices, The whole appointment' })
      await expect(rooms).toBeFocused()
      await rooms.getByRole('checkbox', { name: 'Room A' }).check()
      await rooms.getByRole('checkbox', { name: 'Room B' }).check()
      await page.getByRole('button', { name: 'Add a part afterwards' }).click()

      const [first, second] = [partOf(page, 1), partOf(page, 2)]
      await expect(second).toBeFocused()
      await expect(first.getByRole('checkbox', { name: 'Room B' })).toBeChecked()
      await first.getByLabel('Length (minutes)').fill('20')
      await first.getByRole('checkbox', { name: 'Bela Muster' }).uncheck()
      await second.getByLabel('Length (minutes)').fill('40')
      await second.getByRole('checkbox', { name: 'Anna Muster' }).check()
      await second.getByRole('checkbox', { name: 'Bela Muster' }).check()
      await second.getByLabel('Who of those who are free').selectOption('by turns')
      await second.getByLabel('Share of Bela Muster').fill('2')
      await second.getByRole('button', { name: 'Add rooms or devices' }).click()
      await expect(page.getByRole('group', { name: 'Rooms and devices, Part 2' })).toBeFocused()
      await expect(second.getByLabel('Share of Bela Muster')).toHaveValue('2')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Choose at least one.')).toBeVisible()
      await second.getByRole('checkbox', { name: 'Laser' }).check()
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()

      const picture = page.getByRole('figure', { name: 'What it needs' })
      await expect(picture.getByRole('listitem')).toHaveText([
        '20 min: Anna Muster + Room A or Room B',
        '40 min: Anna Muster or Bela Muster, by turns + Laser',
      ])
      await expect(picture).toContainText('Together: 1 hr')
      await expect(second.getByLabel('Share of Bela Muster')).toHaveValue('2')

      await page.getByRole('link', { name: 'Massage' }).click()
      await expect(page.getByText('As long as its parts together: 1 hr')).toBeVisible()
      await page.getByLabel('Step (minutes)').fill('60')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      expect(await offeredTimes(page, business, dateAhead(3))).toHaveLength(24)
    })

    test('the rules about times are kept, said at their entries when they are wrong, and change what is offered', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      const [first, last] = [dateAhead(3), dateAhead(5)]
      await page.goto(`/app/${business.slug}/services/${business.serviceId}`)
      await page.locator('summary', { hasText: 'More rules about times' }).click()
      await page.getByLabel('First start after (minutes)').fill('15')
      await page.getByLabel('Offer only the first free time of each day').check()
      const limit = page.getByRole('group', { name: 'New limit' })
      await limit.getByLabel('Appointments at most').fill('3')
      await limit.getByLabel('In each').selectOption('day')
      await limit.getByLabel('Counted for').selectOption('each customer')
      await page.getByLabel('How far ahead one can book').selectOption('From one date to another')
      await page.getByLabel('First date').fill(last)
      await page.getByLabel('Last date').fill(first)
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Please give the first and the last date, in order.')).toBeVisible()
      await expect(page.getByLabel('First start after (minutes)')).toHaveValue('15')
      await page.getByLabel('First date').fill(first)
      await page.getByLabel('Last date').fill(last)
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByRole('group', { name: 'Limit 1' }).getByLabel('Appointments at most')).toHaveValue('3')
      await expect(page.getByLabel('Bookable this many days ahead')).toBeHidden()
      expect(await offeredTimes(page, business, first)).toEqual(['00:15'])
      expect(await offeredTimes(page, business, dateAhead(6))).toEqual([])

      await page.getByRole('group', { name: 'Limit 1' }).getByLabel('Appointments at most').fill('')
      await page.getByLabel('How far ahead one can book').selectOption('A number of working days')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByRole('group', { name: 'Limit 1' })).toHaveCount(0)
      await expect(page.getByLabel('Bookable this many days ahead')).toHaveValue('60')
    })

    test('a person has limits, a room is set up, cleaned up and open at hours of its own', async ({
      page,
      baseURL,
    }) => {
      const business = await newBusiness(page, baseURL ?? '')
      await page.goto(`/app/${business.slug}/providers/${business.providers[0]?.id ?? ''}`)
      await page.getByRole('group', { name: 'New limit' }).getByLabel('Minutes at most').fill('300')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Saved.')).toBeVisible()
      await expect(page.getByRole('group', { name: 'Limit 1' }).getByLabel('Minutes at most')).toHaveValue('300')

      await page.goto(`/app/${business.slug}/places`)
      const rooms = page.getByRole('region', { name: 'Rooms and devices' })
      await rooms.getByLabel('Name').fill('Operating room')
      await rooms.getByLabel('Set-up before (minutes)').fill('10')
      await rooms.getByLabel('Clean-up after (minutes)').fill('20')
      await rooms.getByLabel('When it can be used').selectOption('Always')
      await rooms.getByRole('button', { name: 'Add' }).click()
      await expect(rooms.getByText('1 unit · set-up 10 min · clean-up 20 min')).toBeVisible()
    })
  })
}

async function openNeeds(page: Page, { slug, serviceId }: Business): Promise<void> {
  await page.goto(`/app/${slug}/services/${serviceId}`)
  await page.getByRole('link', { name: 'Change what it needs' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What Massage needs')
}

function partOf(page: Page, number: number) {
  return page.getByRole('region', { name: `Part ${String(number)}` })
}
