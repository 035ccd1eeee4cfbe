import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { errorCode } from './local-error.ts'

/** Reads the key that signs this installation's sessions and links; makes it at the first start, for the owner's eyes only. */
export async function ensureSecretKey(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const key = randomBytes(32).toString('base64url')
  await writeFile(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
  return key
}
