import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import { drawDiagram, escapeHtml } from '../../../scripts/docs/diagrams.ts'
import type { SidebarSection } from '../../../scripts/docs/pages.ts'

const sidebar = JSON.parse(
  readFileSync(new URL('../../../.site/sidebar.json', import.meta.url), 'utf8'),
) as SidebarSection[]

export default defineConfig({
  title: 'Slotkeeper',
  description: 'Appointment booking that cannot double-book: how to use, run, develop and integrate it.',
  lang: 'en',
  srcDir: '../../.site',
  outDir: '../../.site/dist',
  cacheDir: '../../node_modules/.cache/vitepress',
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    // The house's own pages are plain Markdown: what looks like a tag is text.
    html: false,
    config(md) {
      // Two braces are text, not an expression of Vue's.
      for (const name of ['text', 'code_inline'] as const) {
        const rule = md.renderer.rules[name]?.bind(md.renderer.rules)
        md.renderer.rules[name] = (...args) => (rule?.(...args) ?? '').replaceAll('{{', '&#123;&#123;')
      }
      const fence = md.renderer.rules.fence?.bind(md.renderer.rules)
      md.renderer.rules.fence = (tokens, index, ...rest) => {
        const token = tokens[index]
        if (token?.info.trim() === 'mermaid') {
          const heading = tokens.slice(0, index).findLastIndex(({ type }) => type === 'heading_open')
          return `<div v-pre>${drawDiagram(token.content, `Diagram: ${tokens[heading + 1]?.content ?? ''}`)}</div>`
        }
        const rendered = fence?.(tokens, index, ...rest) ?? ''
        const [, reason] = /not-run="([^"]*)"/.exec(token?.info ?? '') ?? []
        if (reason !== undefined)
          return `${rendered}<p class="tried" v-pre>Not run by our tests: ${escapeHtml(reason)}.</p>`
        return rendered
      }
    },
  },
  themeConfig: {
    sidebar,
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    nav: [
      { text: 'Use', link: '/use/guide' },
      { text: 'Operate', link: '/operate/running' },
      { text: 'Runbooks', link: '/operate/runbooks/' },
      { text: 'Develop', link: '/develop/architecture' },
      { text: 'API', link: '/api/' },
    ],
  },
})
