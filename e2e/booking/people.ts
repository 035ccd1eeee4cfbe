import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'

/** Somebody whom no other test knows. */
export function newPerson(name = 'Ada Beispiel'): { name: string; email: string } {
  return { name, email: `ada.${randomUUID().slice(0, 8)}@example.com` }
}

/** Opens the free times of a service of the demo business, in a zone that does not depend on the machine. */
export async function openTimes(page: Page, service: string, zone = 'Europe/Berlin'): Promise<void> {
  await page.goto(`/demo/${service}?tz=${encodeURIComponent(zone)}`)
}

/** The free times on the page, as links. */
export function freeTimes(page: Page) {
  return page.locator('a[href*="/book?start="]')
}

/** Types who books. */
export async function fillForm(page: Page, person: { name: string; email: string }): Promise<void> {
  await page.getByLabel('Your name').fill(person.name)
  await page.getByLabel('Email').fill(person.email)
  const first = page.getByLabel('Is this your first visit?')
  if ((await first.count()) > 0) await first.selectOption('Yes')
}
