import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ASK = `
  const asked = [Date.now(), new Date().getTime(), Temporal.Now.instant().epochMilliseconds,
    Temporal.Now.zonedDateTimeISO('UTC').epochMilliseconds]
  console.log(JSON.stringify({ asked, given: new Date(5).getTime(), isDate: new Date() instanceof Date }))`

async function askWith(skewMs: number) {
  const flags = ['--import', join(import.meta.dirname, 'skew.preload.ts'), '--eval', ASK]
  const env = { PATH: process.env['PATH'], CLOCK_SKEW_MS: String(skewMs) }
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env })
  return JSON.parse(stdout) as { asked: number[]; given: number; isDate: boolean }
}

test.each([0, 90_000, -90_000])(
  'a process whose clock is wrong by %d ms is wrong wherever it asks, and only then',
  async (skewMs) => {
    const { asked, given, isDate } = await askWith(skewMs)
    for (const moment of asked) expect(Math.abs(moment - skewMs - Date.now())).toBeLessThan(10_000)
    expect({ given, isDate }).toEqual({ given: 5, isDate: true })
  },
)
