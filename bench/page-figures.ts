import { chromium, type Page } from '@playwright/test'
import { CHROMIUM_FLAGS, findChromium } from '../scripts/shared/chromium.ts'
import { startLocalServer } from '../scripts/shared/local-server.ts'
import { figure, type Figure } from './figure.ts'

/** What a visitor's browser loads over the whole booking flow of the demo business. */
export async function pageFigures(): Promise<Figure[]> {
  const server = await startLocalServer()
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: CHROMIUM_FLAGS, ...(executablePath && { executablePath }) })
  try {
    const page = await browser.newPage()
    const scripts = countScripts(page)
    await page.goto(`${server.url}/demo`, { waitUntil: 'networkidle' })
    await page.locator('main a[href^="/demo/"]').first().click()
    await page.waitForURL('**/demo/*')
    await page.waitForLoadState('networkidle')
    await page.locator('main button[formaction*="/book?"]').first().click()
    await page.waitForURL('**/book?*')
    await page.waitForLoadState('networkidle')
    const { compressedBytes, plainBytes } = await scripts()
    const value = compressedBytes / 1024
    return [
      figure({
        ...{
          name: 'page.booking.js',
          value,
          unit: 'kB',
          reference: 'the same before compression',
          referenceValue: plainBytes / 1024,
        },
        ...{ target: 'at most 60 kB', reached: () => value <= 60 },
      }),
    ]
  } finally {
    await browser.close()
    await server.stop()
  }
}

function countScripts(page: Page) {
  const sizes: Promise<{ compressed: number; plain: number }>[] = []
  page.on('response', (response) => {
    if (!response.headers()['content-type']?.includes('javascript')) return
    sizes.push(
      (async () => {
        const plain = (await response.body()).length
        const { responseBodySize } = await response.request().sizes()
        return { compressed: responseBodySize, plain }
      })(),
    )
  })
  return async () => {
    const all = await Promise.all(sizes)
    const sum = (part: 'compressed' | 'plain') => all.reduce((total, size) => total + size[part], 0)
    return { compressedBytes: sum('compressed'), plainBytes: sum('plain') }
  }
}
