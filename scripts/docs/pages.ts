import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../shared/run-command.ts'

/** A Markdown file that people read, and where it is on the documentation site. */
export type Page = {
  /** in the checkout */
  file: string
  /** on the site, without a slash at its beginning: `operate/backups.md` */
  address: string
  title: string
}

type Section = {
  title: string
  /** what belongs to it, by its address; a page belongs to the first section that takes it */
  takes: RegExp
  /** addresses that come first, in this order; the others follow by title */
  first: string[]
}

const SOURCES = [
  'docs/**/*.md',
  'deploy/**/*.md',
  'packages/*/README.md',
  'apps/*/README.md',
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
]

/** Every page is in one of them: what no other takes is in the last. */
const SECTIONS: Section[] = [
  { title: 'Start', takes: /^(?:index|readme|onboarding\/.*)\.md$/, first: ['index.md', 'readme.md'] },
  { title: 'Use and integrate', takes: /^use\//, first: ['use/guide.md', 'use/api.md'] },
  { title: 'API reference', takes: /^api\//, first: ['api/index.md'] },
  {
    title: 'Runbooks',
    takes: /^operate\/runbooks\//,
    first: [
      'index',
      'incident',
      'troubleshooting',
      'disaster',
      'roll-back',
      'hot-fix',
      'migrate',
      'rotate-secrets',
    ].map((name) => `operate/runbooks/${name}.md`),
  },
  {
    title: 'Operate',
    takes: /^operate\//,
    first: ['running', 'deploy', 'backups', 'monitoring', 'failures', 'scaling', 'profiles', 'environments'].map(
      (name) => `operate/${name}.md`,
    ),
  },
  { title: 'What is installed', takes: /^deploy\//, first: ['deploy/index.md', 'deploy/compose/index.md'] },
  { title: 'Develop', takes: /^develop\//, first: ['develop/contributing.md', 'develop/architecture.md'] },
  { title: 'Decisions', takes: /^decisions\//, first: ['decisions/index.md'] },
  { title: 'Releases and security', takes: /^/, first: [] },
]

/** @returns the files that the site is built from, in the order of their paths; without what the build itself adds */
export async function findPages(): Promise<Page[]> {
  const exclude = (path: string) => /(?:^|\/)node_modules(?:\/|$)/.test(path)
  const files = await Array.fromAsync(glob(SOURCES, { cwd: ROOT, exclude }))
  return Promise.all(
    files.sort().map(async (file) => ({
      file,
      address: addressOf(file),
      title: titleOf(await readFile(join(ROOT, file), 'utf8'), file),
    })),
  )
}

/** @returns where a file of the checkout is on the site */
export function addressOf(file: string): string {
  return file
    .replace(/^docs\//, '')
    .replace(/^(?:packages|apps)\/([^/]+)\/README\.md$/, 'develop/$1.md')
    .replace(/^CONTRIBUTING\.md$/, 'develop/contributing.md')
    .replace(/\/README\.md$/, '/index.md')
    .toLowerCase()
}

/** @returns its first heading, without the marks of Markdown */
export function titleOf(text: string, file: string): string {
  const [, heading] = /^# (.+)$/m.exec(text) ?? []
  if (heading === undefined) throw new Error(`${file} has no heading of the first level`)
  return heading.replaceAll(/[`*_]/g, '')
}

export type SidebarSection = { text: string; collapsed: boolean; items: { text: string; link: string }[] }

/** @returns the navigation: every page once */
export function sidebarOf(pages: Pick<Page, 'address' | 'title'>[]): SidebarSection[] {
  const sectionOf = ({ address }: { address: string }) => SECTIONS.find(({ takes }) => takes.test(address))
  const sections = SECTIONS.map((section) => {
    const place = ({ address }: { address: string }) => section.first.indexOf(address) + 1 || Infinity
    const own = pages.filter((page) => sectionOf(page) === section)
    own.sort((a, b) => compare(place(a), place(b)) || compare(a.address, b.address))
    const items = own.map(({ title, address }) => ({ text: title, link: `/${address.replace(/(?:index)?\.md$/, '')}` }))
    return { text: section.title, collapsed: section.title === 'Decisions', items }
  })
  return sections.filter(({ items }) => items.length > 0)
}

const compare = <Value extends string | number>(a: Value, b: Value) => (a < b ? -1 : a > b ? 1 : 0)
