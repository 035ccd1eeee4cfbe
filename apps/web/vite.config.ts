import { paraglideVitePlugin } from '@inlang/paraglide-js'
import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { messages } from './paraglide.ts'

export default defineConfig({
  build: {
    rolldownOptions: { output: { codeSplitting: { groups: pieces() } } },
  },
  plugins: [
    tailwindcss(),
    paraglideVitePlugin(messages),
    sveltekit({
      adapter: adapter(),
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['none'],
          'script-src': ['self'],
          'style-src': ['self'],
          // The one style attribute that SvelteKit itself sets, on the element that announces a new page.
          'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
          'img-src': ['self', 'data:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'manifest-src': ['self'],
          'form-action': ['self'],
          'base-uri': ['none'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
})

/**
 * What goes into which file that browsers load. All words of all languages are reached through one file, of which the
 * bundler would make one piece: whoever books would load those of the back office, too. So they are put together by the
 * pages that use them, and by no less than 6 kB. What all pages are made of is one file, as many small ones compress worse.
 * The order matters: a group takes along what its files need, unless an earlier one has it. SvelteKit's payload comes first,
 * as it is filled in before the files that read it are loaded; in one file with them, they would know no version, and take
 * every answer for that of a newer one.
 */
function pieces() {
  return [
    { name: 'payload', test: /\/kit\/src\/runtime\/client\/payload\.js/ },
    { name: 'language', test: /\/paraglide\/(?:runtime|registry)\.js/ },
    { name: 'words-office', test: /\/paraglide\/messages\/office_/ },
    { name: 'words', test: /\/paraglide\/messages\/public_/, entriesAware: true, entriesAwareMergeThreshold: 6000 },
    { name: 'parts', test: /\/src\/lib\/(?:ui|time)\// },
  ]
}
