import { compile, type CompilerOptions } from '@inlang/paraglide-js'

/** How the messages become functions: for Vite, and for `npm run sync` before checks and tests. */
export const messages: CompilerOptions = {
  project: './project.inlang',
  outdir: './src/lib/paraglide',
  strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
  cookieName: 'slotkeeper_language',
  isServer: 'import.meta.env.SSR',
}

if (import.meta.main) await compile(messages)
