import { paraglideVitePlugin } from '@inlang/paraglide-js'
import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { messages } from './paraglide.ts'

export default defineConfig({
  build: {
    rolldownOptions: { output: { codeSplitting: { groups: wordsApart() } } },
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
 * All words of all languages are reached through one file, which the bundler would therefore make one piece of: whoever
 * books would load those of the back office, too, which are twice as many. They are functions without a state. The first
 * part also gets what both need.
 */
function wordsApart() {
  return ['public', 'office'].map((part) => ({
    name: `words-${part}`,
    test: new RegExp(`/paraglide/messages/${part}_`),
  }))
}
