import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const everywhere = ['packages', 'apps', 'bench', 'scripts', 'deploy', 'e2e']
const ignored = ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**', '**/.stryker-tmp/**']

export default defineConfig({
  test: {
    // By itself Vitest leaves a processor free; tests that wait for a database leave enough.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        test: {
          name: 'unit',
          include: everywhere.map((folder) => `${folder}/**/*.test.ts`),
          exclude: [...ignored, '**/*.db.test.ts'],
          // Machines are noisy: a slow one is no failure.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'db',
          include: everywhere.map((folder) => `${folder}/**/*.db.test.ts`),
          exclude: ignored,
          globalSetup: ['scripts/test-postgres.ts', 'scripts/test-redis.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
