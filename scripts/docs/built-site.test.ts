import { expect, test } from 'vitest'
import { brokenLinks, pageOf, unreachable, type BuiltPage } from './built-site.ts'

const site = (...pages: BuiltPage[]) => new Map(pages.map((page) => [page.path, page]))
const start = pageOf(
  '/index.html',
  '<h1 id="top">x</h1><a href="/use/guide.html#first">a</a><a class="x" href="#top">b</a>',
)
const guide = pageOf(
  '/use/guide.html',
  '<h2 id="first">x</h2><a href="../">up</a><a href="https://example.com">out</a>',
)

test('links to pages, anchors and folders that are there are fine', () => {
  expect(brokenLinks(site(start, guide), '/nowhere')).toEqual([])
})

test('a page, an anchor or a file that is not there is named', () => {
  const html =
    '<a href="/none">1</a><a href="/use/guide.html#none">2</a><img src="/no.png"><script src="https://x.example/y.js">'
  expect(brokenLinks(site(start, guide, pageOf('/a.html', html)), '/nowhere')).toEqual([
    '/a.html: /none leads nowhere',
    '/a.html: /use/guide.html#none leads nowhere',
    '/a.html: /no.png is no file of the site',
    '/a.html: https://x.example/y.js is no file of the site',
  ])
})

test('a page that no way leads to is named', () => {
  expect(unreachable(site(start, guide, pageOf('/hidden.html', '')))).toEqual(['/hidden.html'])
})
