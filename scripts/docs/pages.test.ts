import { expect, test } from 'vitest'
import { addressOf, findPages, sidebarOf } from './pages.ts'

test('every page is in the navigation, once', async () => {
  const pages = await findPages()
  const links = sidebarOf(pages).flatMap(({ items }) => items.map(({ link }) => link))
  const wanted = pages.map(({ address }) => `/${address.replace(/(?:index)?\.md$/, '')}`)
  expect(links.toSorted()).toEqual(wanted.toSorted())
  expect(new Set(links).size).toBe(links.length)
})

test.each([
  ['docs/operate/backups.md', 'operate/backups.md'],
  ['deploy/compose/README.md', 'deploy/compose/index.md'],
  ['packages/scheduling/README.md', 'develop/scheduling.md'],
  ['CONTRIBUTING.md', 'develop/contributing.md'],
  ['README.md', 'readme.md'],
])('%s is on the site as %s', (file, address) => {
  expect(addressOf(file)).toBe(address)
})

test('a page that the order does not name comes after those that it names', () => {
  const pages = ['operate/zones.md', 'operate/deploy.md', 'operate/running.md'].map((address) => ({
    address,
    title: address,
  }))
  expect(sidebarOf(pages)).toEqual([
    expect.objectContaining({
      text: 'Operate',
      items: [
        expect.objectContaining({ link: '/operate/running' }),
        expect.objectContaining({ link: '/operate/deploy' }),
        expect.objectContaining({ link: '/operate/zones' }),
      ],
    }),
  ])
})
