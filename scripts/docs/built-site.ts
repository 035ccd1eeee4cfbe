import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'

/** A page as it was built: where its links lead, and what can be linked to in it. */
export type BuiltPage = { path: string; links: string[]; ids: Set<string>; fetched: string[] }

/** @returns the pages of a built site, by their paths within it, such as `/operate/backups.html` */
export async function readBuiltSite(folder: string): Promise<Map<string, BuiltPage>> {
  const files = await Array.fromAsync(glob('**/*.html', { cwd: folder }))
  const pages = files.sort().map(async (file) => pageOf(`/${file}`, await readFile(join(folder, file), 'utf8')))
  return new Map((await Promise.all(pages)).map((page) => [page.path, page]))
}

export function pageOf(path: string, html: string): BuiltPage {
  const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, value = '']) => value.replaceAll('&amp;', '&'))
  return {
    path,
    links: all(/<a\s[^>]*?href="([^"]*)"/g),
    ids: new Set(all(/\sid="([^"]*)"/g)),
    fetched: all(/<(?:script|img|iframe|source)\s[^>]*?src="([^"]*)"/g).concat(
      all(/<link\s[^>]*?rel="(?:stylesheet|preload|modulepreload|icon)"[^>]*?href="([^"]*)"/g),
    ),
  }
}

/** @returns a sentence for each link within the site that leads nowhere, and for each file that is not there or not ours */
export function brokenLinks(pages: Map<string, BuiltPage>, folder: string): string[] {
  return [...pages.values()].flatMap((page) => {
    const broken = page.links.filter((link) => isWithin(link) && !leadsSomewhere(link, page, pages, folder))
    const foreign = page.fetched.filter(
      (url) => !url.startsWith('data:') && !existsSync(join(folder, withoutQuery(url))),
    )
    return [
      ...broken.map((link) => `${page.path}: ${link} leads nowhere`),
      ...foreign.map((url) => `${page.path}: ${url} is no file of the site`),
    ]
  })
}

/** @returns the pages that nobody finds who begins at the start page and follows links */
export function unreachable(pages: Map<string, BuiltPage>): string[] {
  const found = new Set(['/index.html', '/404.html'])
  for (const path of found) {
    const page = pages.get(path)
    for (const link of page?.links.filter(isWithin) ?? []) {
      const target = resolve(link, path).path
      if (pages.has(target)) found.add(target)
    }
  }
  return [...pages.keys()].filter((path) => !found.has(path))
}

function leadsSomewhere(link: string, from: BuiltPage, pages: Map<string, BuiltPage>, folder: string): boolean {
  const { path, anchor } = resolve(link, from.path)
  const page = pages.get(path)
  if (!page) return anchor === '' && existsSync(join(folder, path))
  return anchor === '' || page.ids.has(anchor)
}

function resolve(link: string, from: string): { path: string; anchor: string } {
  const [target = '', anchor = ''] = link.split('#')
  const path = target === '' ? from : posix.resolve(dirname(from), withoutQuery(target))
  const isFolder = target.endsWith('/')
  const file = isFolder ? posix.join(path, 'index.html') : /\.\w+$/.test(path) ? path : `${path}.html`
  return { path: file, anchor: decodeURIComponent(anchor) }
}

const isWithin = (link: string) => !/^(?:[a-z]+:|\/\/)/.test(link)
const withoutQuery = (url: string) => url.replace(/\?.*$/, '')
