import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { failed, ok, type Finding } from '../../apps/server/src/shared/finding.ts'

/** A weakness that is let through for a while. */
export type Exception = {
  /** of the weakness, such as CVE-2026-1234 or GHSA-xxxx-xxxx-xxxx */
  id: string
  /** why it does no harm here, or what it waits for */
  reason: string
  /** who answers for it */
  owner: string
  /** the last day on which it holds, YYYY-MM-DD */
  until: string
}

const FILE = 'scripts/pipeline/exceptions.json'
const IMAGE_FILE = '.github/grype.yaml'
const DAY_MS = 86_400_000

/** The longest time for which anybody may except something. */
const DAYS_MAX = 90

/** Reads what is excepted in a checkout. */
export async function readExceptions(root: string): Promise<Exception[]> {
  return JSON.parse(await readFile(join(root, FILE), 'utf8')) as Exception[]
}

/** Every exception is told with its reason, its owner and its end, and the image scanner knows the same ones. */
export async function checkExceptions(root: string, nowMs: number): Promise<Finding[]> {
  const scanner = parse(await readFile(join(root, IMAGE_FILE), 'utf8')) as { ignore: { vulnerability: string }[] }
  const ignored = scanner.ignore.map(({ vulnerability }) => vulnerability)
  const exceptions = await readExceptions(root)
  const wrong = problemsOfExceptions(exceptions, ignored, nowMs)
  if (wrong.length === 0) return [ok('exceptions', `${exceptions.length}, none over`)]
  return [failed('exceptions', wrong.join('; '), `Mend what it is about, or agree on it anew in ${FILE}.`)]
}

/** @param ignored  the weaknesses that the image scanner lets through */
export function problemsOfExceptions(
  exceptions: readonly Exception[],
  ignored: readonly string[],
  nowMs: number,
): string[] {
  const known = exceptions.map(({ id }) => id)
  const silent = ignored.filter((id) => !known.includes(id)).map((id) => `${id} is ignored in ${IMAGE_FILE} alone`)
  return [...silent, ...exceptions.flatMap((exception) => problemsOf(exception, nowMs))]
}

function problemsOf({ id, reason, owner, until }: Exception, nowMs: number): string[] {
  const endMs = Date.parse(`${until}T23:59:59Z`)
  if (!given(reason) || !given(owner) || Number.isNaN(endMs)) return [`${id} has no reason, owner or last day`]
  if (endMs < nowMs) return [`${id} was excepted until ${until}`]
  return endMs > nowMs + (DAYS_MAX + 1) * DAY_MS ? [`${id} is excepted for longer than ${DAYS_MAX} days`] : []
}

/** The file is written by hand: a field may be missing. */
function given(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== ''
}
