import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { build } from 'vite'
import { buildScheduling } from '../../scripts/package/scheduling.ts'
import { slotsOverChange, usePolyfill } from './slots-over-change.ts'

/** The engine's package and the case, in one script that leaves `engine` behind. */
let script = ''

test.beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-engine-'))
  try {
    expect(await buildScheduling(folder)).toBeUndefined()
    script = await bundle(join(import.meta.dirname, 'slots-over-change.ts'), join(folder, 'index.js'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('the engine finds the same times in a browser as in Node.js', async ({ page }) => {
  await page.addScriptTag({ content: script })
  expect(await page.evaluate(() => typeof globalThis.Temporal)).toBe('object')
  expect(await run(page, slotsOverChange)).toEqual(slotsOverChange())
  expect(slotsOverChange()).toEqual(NIGHT)
})

test('in a browser without Temporal the engine says what to do, and with a polyfill finds the same', async ({
  page,
}) => {
  await page.evaluate(() => Reflect.deleteProperty(globalThis, 'Temporal'))
  await page.addScriptTag({ content: script })
  await expect(run(page, slotsOverChange)).rejects.toThrow('provideTemporal')
  await run(page, usePolyfill)
  expect(await page.evaluate(() => typeof globalThis.Temporal)).toBe('undefined')
  expect(await run(page, slotsOverChange)).toEqual(NIGHT)
})

/** Two hours of the evening; midnight to three, of which the hour from two is offered once; not the busy hour. */
const NIGHT = [
  ...['20:00', '20:30', '21:00', '21:30'].map((time) => `2026-10-24T${time}:00.000Z 120`),
  ...['22:00', '22:30', '23:00', '23:30'].map((time) => `2026-10-24T${time}:00.000Z 120`),
  ...['00:00', '00:30'].map((time) => `2026-10-25T${time}:00.000Z 120`),
  ...['02:00', '02:30', '04:00', '04:30', '05:00', '05:30'].map((time) => `2026-10-25T${time}:00.000Z 60`),
]

/** Runs in the page what bears this name there. */
function run(page: Page, { name }: typeof slotsOverChange | typeof usePolyfill): Promise<unknown> {
  return page.evaluate(`engine.${name}()`)
}

async function bundle(entry: string, engine: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@slotkeeper/scheduling': engine } },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'engine' } },
  })
  const [result] = Array.isArray(built) ? built : [built]
  if (!('output' in result)) throw new Error('nothing was bundled')
  return result.output[0].code
}
