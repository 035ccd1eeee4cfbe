import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { ROOT } from '../shared/run-command.ts'
import { apiPages, type OpenApi } from './api-reference.ts'
import { findPages, sidebarOf, type Page } from './pages.ts'

/** What VitePress reads, made anew before each build: never to be edited. */
export const STAGE = join(ROOT, '.site')

const OPENAPI = join(ROOT, 'packages/client/openapi.json')

/**
 * Writes the pages of the checkout where VitePress finds them: links lead to their places on the site, files that are no
 * pages come along as text, and the reference of the API and the list of decisions are added.
 */
export async function stagePages(): Promise<void> {
  const pages = await findPages()
  const api = JSON.parse(await readFile(OPENAPI, 'utf8')) as OpenApi
  const decisions = pages.filter(({ address }) => address.startsWith('decisions/'))
  const written = [...apiPages(api), decisionsPage(decisions)]
  await rm(STAGE, { recursive: true, force: true })
  await mkdir(join(STAGE, 'public'), { recursive: true })
  await cp(join(ROOT, 'docs/images'), join(STAGE, 'images'), { recursive: true })
  await copyFile(OPENAPI, join(STAGE, 'public/openapi.json'))
  for (const page of pages) await write(page.address, await linkedText(page, pages))
  for (const { address, text } of written) await write(address, text)
  await writeFile(join(STAGE, 'sidebar.json'), JSON.stringify(sidebarOf([...pages, ...written])))
}

function decisionsPage(decisions: Page[]) {
  const rows = decisions.map(({ title, address }) => `- [${title}](/${address})`)
  const text = ['# Decisions', '', '*For developers: what was decided, when, and why.*', '', ...rows].join('\n')
  return { address: 'decisions/index.md', title: 'All decisions', text }
}

async function write(address: string, text: string): Promise<void> {
  const file = join(STAGE, address)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

async function linkedText(page: Page, pages: Page[]): Promise<string> {
  const text = await readFile(join(ROOT, page.file), 'utf8')
  const outside = text.split(/(^ *```[\s\S]*?^ *```$)/m)
  for (const [index, part] of outside.entries()) {
    if (index % 2 === 0) outside[index] = await replaceLinks(part, page, pages)
  }
  return outside.join('')
}

async function replaceLinks(text: string, page: Page, pages: Page[]): Promise<string> {
  const links = [...text.matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\((?!\w+:|#|\/)([^)#\s]+)(#[^)\s]*)?\)/g)]
  let replaced = text
  for (const [whole, label = '', path = '', anchor = ''] of links) {
    const target = await siteAddress(posix.join(posix.dirname(page.file), path), pages)
    replaced = replaced.replace(whole, () => (target === undefined ? label : `[${label}](${target}${anchor})`))
  }
  return replaced
}

/** @returns undefined for a folder without a page of its own */
async function siteAddress(file: string, pages: Page[]): Promise<string | undefined> {
  const path = file.replace(/\/$/, '')
  const page = pages.find((one) => one.file === path || one.file === `${path}/README.md`)
  if (page) return `/${page.address}`
  if (path === 'docs/decisions') return '/decisions/index.md'
  if (path.startsWith('docs/images/')) return path.replace('docs', '')
  if (!existsSync(join(ROOT, path)) || (await stat(join(ROOT, path))).isDirectory()) return undefined
  if (/\.(?:png|svg)$/.test(path)) return copyTo(path, `pictures/${basename(path)}`, '')
  return copyTo(path, `public/files/${path.replaceAll('/.', '/')}.txt`, 'public/')
}

async function copyTo(path: string, place: string, hidden: string): Promise<string> {
  const file = join(STAGE, place)
  await mkdir(dirname(file), { recursive: true })
  await copyFile(join(ROOT, path), file)
  return `/${place.slice(hidden.length)}`
}
