import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, ok, type Finding } from '../../apps/server/src/shared/finding.ts'

/** Which licences those who run the product may be given, and why; and packages that name theirs in no usual way. */
export type Policy = { allowed: Record<string, string>; packages: Record<string, string> }

type Locked = { license?: string; version?: string; dev?: boolean; link?: boolean }
export type Lock = { packages: Record<string, Locked> }

const POLICY = 'scripts/release/licences.json'

/** Every package that goes along with the product has a licence that the policy names. */
export async function checkLicences(root: string): Promise<Finding[]> {
  const policy = await readJson<Policy>(join(root, POLICY))
  const { refused, count } = judgeLicences(await readLock(root), policy)
  if (refused.length === 0) return [ok('licences', `of ${count} production packages, all allowed by ${POLICY}`)]
  const fix = `Use another package, or name the licence in ${POLICY} with the reason why it may be used.`
  return [failed('licences', refused.join(', '), fix)]
}

/** @returns the packages whose licence is not allowed, and how many there are */
export function judgeLicences({ packages }: Lock, policy: Policy): { refused: string[]; count: number } {
  const used = usedOf(packages)
  const refused = used.flatMap(([path, { license = 'no licence' }]) => {
    const name = nameOf(path)
    return policy.packages[name] !== undefined || isAllowed(license, policy) ? [] : [`${name} (${license})`]
  })
  return { refused: [...new Set(refused)], count: used.length }
}

/** What is installed, by the lock file. */
export function readLock(root: string): Promise<Lock> {
  return readJson<Lock>(join(root, 'package-lock.json'))
}

/**
 * Lists the packages that go along with the product, by licence.
 * @param withTexts  whether the text of each package's licence follows, as far as it is installed here
 */
export async function listLicences(
  root: string,
  { packages }: Lock,
  { withTexts }: { withTexts: boolean },
): Promise<string[]> {
  const byLicence = new Map<string, Set<string>>()
  const texts: string[] = []
  for (const [path, { license = 'no licence', version = '' }] of usedOf(packages)) {
    const names = byLicence.get(license) ?? new Set()
    byLicence.set(license, names.add(`${nameOf(path)}@${version}`))
    const text = withTexts ? await licenceText(join(root, path)) : undefined
    if (text !== undefined) texts.push(`\n== ${nameOf(path)} ${version}\n\n${text.trim()}`)
  }
  const lines = [...byLicence].sort().map(([licence, names]) => `${licence}: ${[...names].sort().join(', ')}`)
  return [...lines, ...texts]
}

/** The packages of a production. */
function usedOf(packages: Lock['packages']): [string, Locked][] {
  return Object.entries(packages).filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** Undefined where there is none: packages for other platforms are not installed. */
async function licenceText(folder: string): Promise<string | undefined> {
  const files = await readdir(folder).catch(() => [])
  const file = files.find((name) => /^(?:licen[cs]e|copying)(?:\.|$|-)/i.test(name))
  return file === undefined ? undefined : readFile(join(folder, file), 'utf8')
}

/** SPDX: of licences joined by OR one is enough, of those joined by AND each counts. */
function isAllowed(expression: string, { allowed }: Policy): boolean {
  const alternatives = expression.replaceAll(/[()]/g, '').split(/ OR /i)
  return alternatives.some((all) => all.split(/ AND /i).every((one) => allowed[one.trim()] !== undefined))
}

async function readJson<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(file, 'utf8')) as Content
}
