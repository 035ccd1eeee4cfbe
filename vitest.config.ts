import { defineConfig } from 'vitest/config'

const everywhere = ['packages', 'apps', 'bench', 'scripts', 'deploy', 'e2e']
const ignored = ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**', '**/.stryker-tmp/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: everywhere.map((folder) => `${folder}/**/*.test.ts`),
          exclude: [...ignored, '**/*.db.test.ts'],
        },
      },
      {
        test: {
          name: 'db',
          include: everywhere.map((folder) => `${folder}/**/*.db.test.ts`),
          exclude: ignored,
          globalSetup: ['scripts/test-postgres.ts', 'scripts/test-redis.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
