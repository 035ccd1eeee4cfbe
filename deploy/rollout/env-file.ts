import { readFile, rename, writeFile } from 'node:fs/promises'

export type Settings = Record<string, string>

/** Names of settings whose values are nobody's business: they are never copied, and never put back. */
const SECRET = /PASSWORD|SECRET|TOKEN|_KEY$|_URL$|DSN|USERNAME/
/** An address that everybody sees. */
const PUBLIC = /^PUBLIC_URL$/

export function isSecret(name: string): boolean {
  return SECRET.test(name) && !PUBLIC.test(name)
}

/** Reads all settings of a .env file. */
export async function readSettings(file: string): Promise<Settings> {
  const settings: Settings = {}
  for (const line of await linesOf(file)) {
    const name = nameOf(line)
    if (name !== undefined) settings[name] = line.slice(name.length + 1).trim()
  }
  return settings
}

/** Writes one setting into a .env file, and leaves all else as it is. The file is never half written. */
export async function writeSetting(file: string, name: string, value: string): Promise<void> {
  const others = (await linesOf(file)).filter((line) => nameOf(line) !== name)
  await replaceFile(file, [...others, `${name}=${value}`])
}

/**
 * Makes the settings those that are given. Comments stay, and so do secrets: a password that was changed since is the one
 * that the mail server knows.
 * @returns the names of what changed
 */
export async function putBackSettings(file: string, wanted: Settings): Promise<string[]> {
  const before = await readSettings(file)
  const kept = (await linesOf(file)).filter((line) => {
    const name = nameOf(line)
    return name === undefined || isSecret(name) || wanted[name] === before[name]
  })
  const added = Object.entries(wanted).filter(([name, value]) => before[name] !== value)
  await replaceFile(file, [...kept, ...added.map(([name, value]) => `${name}=${value}`)])
  const gone = Object.keys(before).filter((name) => !isSecret(name) && wanted[name] === undefined)
  return [...added.map(([name]) => name), ...gone].sort()
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n')
}

const nameOf = (line: string) => /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(line)?.[1]

async function replaceFile(file: string, lines: string[]): Promise<void> {
  await writeFile(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
