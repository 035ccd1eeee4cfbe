import { defineConfig } from 'vitest/config'

/** What `npm run test:mutation` runs against every mutant, hundreds of times: few cases of each. */
export default defineConfig({
  test: { include: ['src/**/*.test.ts'], env: { PROPERTY_CASES: '40' } },
})
