import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { failed, ok, type Finding } from '../../apps/server/src/shared/finding.ts'
import { trackedFiles } from './git.ts'

/** What keys look like that somebody would be sorry to have published. */
const KINDS: [string, RegExp][] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50})/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{20}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{20}/],
  ['a Google key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['an address with a password', /\b[a-z][a-z0-9+]*:\/\/[^\s/:@'"`<>${}]+:[^\s/@'"`<>${}]{3,}@(?<host>[\w.-]+)/],
]

/** Hosts that nobody has: names of one word, and those that are reserved for examples. */
const NOBODYS = /^(?:[\w-]+|127\..*|.*\.(?:example|test|invalid|localhost)|(?:.*\.)?example\.(?:com|org|net))$/

/** Files that have no business in a repository, whatever is in them. */
const KEY_FILES = /^(?:\.env(?:\.(?!example$).*)?|.*\.(?:pem|key|p12|pfx)|id_(?:rsa|ed25519|ecdsa))$/

/** No key and no password is in what is released. */
export async function checkSecrets(root: string): Promise<Finding[]> {
  const files = await trackedFiles(root)
  const found: string[] = []
  for (const file of files) {
    if (KEY_FILES.test(basename(file))) found.push(`${file} is a file for secrets`)
    const text = await readFile(join(root, file), 'utf8')
    if (!text.includes('\0')) found.push(...secretsIn(text).map((what) => `${file}:${what}`))
  }
  if (found.length === 0) return [ok('secrets', `none in ${files.length} files`)]
  const fix = 'Take it out of the file and of the history, and exchange it: it is known now.'
  return [failed('secrets', found.join('; '), fix)]
}

/** @returns for each secret, the line it is in and what it is; never what it says */
export function secretsIn(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const kinds = KINDS.filter(([, pattern]) => {
      const match = pattern.exec(line)
      return match && !NOBODYS.test(match.groups?.['host'] ?? '.')
    })
    return kinds.map(([kind]) => `${index + 1} has ${kind}`)
  })
}
