import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** axe finds nothing on the page. It needs JavaScript in the page. */
export async function expectNothingFound(page: Page): Promise<void> {
  // Without frames, nothing has to be put together in a page of its own, and what is well need not be told.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  expect(told, page.url()).toEqual([])
}

/** axe finds nothing, and the page does not scroll sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectNothingFound(page)
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
}
