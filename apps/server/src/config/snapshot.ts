import { createHmac } from 'node:crypto'
import { ConfigError } from './config.ts'
import { withPlatform } from './platform.ts'
import { withSecretFiles } from './secret-files.ts'
import { SETTINGS, type Setting } from './settings.ts'

type Given = Record<string, string | undefined>

/** Where a value comes from: the environment itself, a file that it names, the default, or nowhere. */
export type Source = 'set' | 'file' | 'default' | 'none'

/** A setting as it may be kept and compared: of a secret, there is a mark of its value at most. */
export type SnapshotEntry = { source: Source; value?: string; mark?: string }

/** The settings of one installation, without secrets. */
export type Snapshot = { format: 1; settings: Record<string, SnapshotEntry> }

/** What is different between two installations. */
export type Difference = { name: string; before: string; after: string }

/**
 * Every setting with its source, and with its value where that is no secret.
 * @param key  marks secrets so that equal ones can be seen in snapshots of the same key; it belongs to whoever compares, and
 *   without it a snapshot says only whether a secret is set. A mark is no way to try values without the key.
 * @throws {ConfigError} when a file with a secret cannot be read
 */
export function takeSnapshot(env: Given, key: string | undefined): Snapshot {
  const given = withPlatform(env)
  const values = withSecretFiles(given)
  const known: readonly Setting[] = SETTINGS
  const settings = known.map((setting) => [setting.name, entryOf(setting, { given, values, key })] as const)
  return { format: 1, settings: Object.fromEntries(settings) }
}

/** Reads a snapshot. @throws {ConfigError} when the text is none */
export function parseSnapshot(text: string): Snapshot {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (cause) {
    throw new ConfigError('This is no JSON.', { cause })
  }
  if (!isSnapshot(read)) throw new ConfigError('This is not what config export writes.')
  return read
}

/**
 * The settings in which two installations differ, in the order of the first. Where a secret is set in both and one of them
 * has no mark, nobody can tell, and it is no difference.
 */
export function compareSnapshots(before: Snapshot, after: Snapshot): Difference[] {
  const names = [...new Set([...Object.keys(before.settings), ...Object.keys(after.settings)])]
  return names.flatMap((name) => {
    const [one, other] = [before.settings[name], after.settings[name]]
    return isSame(one, other) ? [] : [{ name, before: describe(one, other), after: describe(other, one) }]
  })
}

function entryOf(
  { name, secret, fallback }: Setting,
  { given, values, key }: { given: Given; values: Given; key: string | undefined },
): SnapshotEntry {
  const value = values[name]
  if (!value) return fallback === undefined ? { source: 'none' } : { source: 'default', value: fallback }
  const source = given[name] ? 'set' : 'file'
  if (!secret) return { source, value }
  return key === undefined ? { source } : { source, mark: markOf(key, name, value) }
}

/** Of the name, too: that two secrets of one installation are equal is nobody's business. */
function markOf(key: string, name: string, value: string): string {
  return createHmac('sha256', key).update(`${name}\0${value}`).digest('base64url').slice(0, 22)
}

function isSame(one: SnapshotEntry | undefined, other: SnapshotEntry | undefined): boolean {
  if (!one || !other) return false
  const [isThere, isOther] = [one, other].map(({ source }) => source === 'set' || source === 'file')
  const isSecret = [one, other].some(({ source, value }) => value === undefined && source !== 'none')
  if (!isSecret) return one.value === other.value
  return isThere === isOther && (one.mark === undefined || other.mark === undefined || one.mark === other.mark)
}

function describe(entry: SnapshotEntry | undefined, other: SnapshotEntry | undefined): string {
  if (!entry) return 'not known'
  if (entry.source === 'none') return 'not set'
  if (entry.value !== undefined) return entry.source === 'default' ? `${entry.value} (default)` : entry.value
  return entry.mark !== undefined && other?.mark !== undefined ? 'a secret of its own' : 'a secret'
}

function isSnapshot(read: unknown): read is Snapshot {
  if (typeof read !== 'object' || read === null || !('format' in read) || read.format !== 1) return false
  return 'settings' in read && typeof read.settings === 'object' && read.settings !== null
}
