import comments from '@eslint-community/eslint-plugin-eslint-comments/configs'
import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import { houseRules } from './scripts/lint/house-rules.js'
import { restrictSyntax } from './scripts/lint/restricted-syntax.js'

const tests = ['**/*.test.ts', '**/*.fixture.ts', 'apps/*/test/**', 'packages/*/test/**']
const tools = ['bench/**', 'packages/*/{bench,pictures}/**', 'e2e/**', 'scripts/**', 'deploy/**', 'docs/site/**']
/** Their default export is what the tool asks for. */
const toolConfigs = ['**/*.config.{js,ts}', 'docs/site/.vitepress/**', '**/.*.cjs', 'e2e/setup/global-setup.ts']
const svelteFiles = ['**/*.svelte', '**/*.svelte.ts']

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/build/',
      '**/.svelte-kit/',
      '**/.stryker-tmp/',
      '**/dist/',
      '**/cdk.out/',
      '**/generated/**',
      '**/*.generated.ts',
      'apps/web/src/lib/paraglide/**',
      'test-results/**',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  comments.recommended,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      // The extra extension stands here, for all files: the type service would start anew where it differs.
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { house: houseRules },
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 80],
      'max-params': ['error', 4],
      complexity: ['error', 15],
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'house/todo-names-issue': 'error',
      'house/file-name-case': 'error',
      '@eslint-community/eslint-comments/require-description': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Fastify's plugins and hooks are async by contract, whether they wait for something or not.
      '@typescript-eslint/require-await': 'off',
      // It takes a type parameter that documents a relation for a useless one.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      ...restrictSyntax(),
    },
  },
  {
    files: svelteFiles,
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser },
    },
    rules: {
      // What `$props()` takes from a page's generated `./$types` is unknown to the linter, though not to svelte-check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // The app is served from the root of its host: links need no base path.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  { files: ['packages/scheduling/**'], rules: restrictSyntax('formatsDates') },
  { files: ['apps/server/src/config/**'], rules: restrictSyntax('readsEnvironment') },
  { files: ['apps/server/src/shared/clock.ts'], rules: restrictSyntax('asksTime') },
  { files: ['apps/server/src/notifications/format.ts'], rules: restrictSyntax('formatsDates') },
  { files: ['apps/web/src/lib/time/**'], rules: restrictSyntax('asksTime', 'formatsDates') },
  {
    files: ['apps/server/src/local/**', 'apps/server/src/main*.ts'],
    rules: { ...restrictSyntax('readsEnvironment'), 'no-console': 'off' },
  },
  {
    files: [...tests, ...tools],
    rules: {
      ...restrictSyntax('asksTime', 'readsEnvironment', 'formatsDates'),
      'no-console': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
    },
  },
  { files: ['**/*.parse.ts'], rules: { '@typescript-eslint/consistent-type-assertions': 'off' } },
  {
    files: [...tests, 'e2e/**'],
    rules: {
      'max-lines-per-function': 'off',
      // Answers of the API under test are read as they come.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: toolConfigs, rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
)
