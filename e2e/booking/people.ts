import { randomUUID } from 'node:crypto'
import type { Locator, Page } from '@playwright/test'

/** Somebody whom no other test knows. */
export function newPerson(name = 'Ada Beispiel'): { name: string; email: string } {
  return { name, email: `ada.${randomUUID().slice(0, 8)}@example.com` }
}

/**
 * Opens the free times of a service of the demo business, in a zone that does not depend on the machine.
 * @param day  working days from today: tests that book stay out of each other's way on days of their own
 */
export async function openTimes(page: Page, service: string, day: number): Promise<void> {
  await page.goto(`/demo/${service}?tz=Europe/Berlin&date=${workingDay(day)}`)
}

function workingDay(count: number): string {
  let date = Temporal.Now.plainDateISO('Europe/Berlin')
  for (let left = count; left > 0;) {
    date = date.add({ days: 1 })
    if (date.dayOfWeek <= 5) left -= 1
  }
  return date.toString()
}

/** The free times on the page, as buttons: pressing one keeps it. */
export function freeTimes(page: Page) {
  return page.locator('button[formaction*="/book?/hold&"]')
}

/** The address of the form of a free time, for somebody who was sent it. */
export async function formAddress(time: Locator): Promise<string> {
  return ((await time.getAttribute('formaction')) ?? '').replace('?/hold&', '?')
}

/** Types who books. */
export async function fillForm(page: Page, person: { name: string; email: string }): Promise<void> {
  await page.getByLabel('Your name').fill(person.name)
  await page.getByLabel('Email').fill(person.email)
  const first = page.getByLabel('Is this your first visit?')
  if ((await first.count()) > 0) await first.selectOption('Yes')
}
