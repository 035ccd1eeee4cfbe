import { defineConfig, type ReporterDescription } from '@playwright/test'
import { CHROMIUM_FLAGS, findChromium } from '../scripts/shared/chromium.ts'

const chromium = findChromium()
const counted = process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] !== undefined
const reporters: ReporterDescription[] = [['list']]

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  globalSetup: './setup/global-setup.ts',
  reporter: counted ? [...reporters, ['json']] : reporters,
  workers: 2,
  // Machines are noisy: a slow one is no failure.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  use: {
    // Set by the global setup before the first worker reads this file.
    baseURL: process.env['E2E_URL'] ?? '',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { args: CHROMIUM_FLAGS, ...(chromium && { executablePath: chromium }) },
  },
})
