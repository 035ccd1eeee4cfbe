import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { parseHeader } from './backup.parse.ts'
import type { Encryption, Header } from './backup-format.ts'
import { BrokenBackup } from './frames.ts'

const HEADER_MAX_BYTES = 4_096
const TAG_BYTES = 16

/** 64 MiB and about a quarter of a second for whoever tries a passphrase (RFC 7914, OWASP's parameters). */
const SCRYPT = { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 }

/** Decompressing fails when what comes out is not what went in: zstd itself would pass a flipped bit on (RFC 8878 §3.1.1). */
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } }

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** Writes a backup under a name that it gets when it is complete; its owner alone may read it. */
export async function writeBackupFile(file: string, body: AsyncIterable<Buffer>, passphrase?: string): Promise<void> {
  const unfinished = `${file}.unfinished`
  try {
    const { header, cipher } = await encryptionOf(passphrase)
    const head = Buffer.from(`${JSON.stringify(header)}\n`)
    cipher?.setAAD(head)
    const output = createWriteStream(unfinished, { mode: 0o600, flush: true })
    output.write(head)
    const steps: Transform[] = [createZstdCompress(CHECKED), ...(cipher ? [cipher] : [])]
    await pipeline([Readable.from(body), ...steps, output], { end: false })
    await finish(output, cipher?.getAuthTag())
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/**
 * Reads a backup's body. Nothing of an encrypted one is to be relied on before all of it was read: only then is it known
 * that nobody changed it.
 * @throws {BrokenBackup} when it is none, damaged, or the passphrase is another
 */
export async function readBackupFile<Result>(
  file: string,
  passphrase: string | undefined,
  use: (body: AsyncIterable<Buffer>) => Promise<Result>,
): Promise<Result> {
  const { header, head, size, tag } = await readEnds(file)
  const start = head.length
  const decipher = header.encryption && (await decipherOf(header.encryption, passphrase))
  decipher?.setAAD(head).setAuthTag(tag)
  const input = createReadStream(file, { start, end: size - 1 - (decipher ? TAG_BYTES : 0) })
  const steps: Transform[] = [...(decipher ? [decipher] : []), createZstdDecompress()]
  let result: { value: Result } | undefined
  await pipeline([
    input,
    ...steps,
    async (body: AsyncIterable<Buffer>) => {
      result = { value: await use(body) }
    },
  ]).catch((error: unknown) => {
    throw isDamage(error) ? new BrokenBackup('it is damaged, or was changed', { cause: error }) : error
  })
  if (!result) throw new BrokenBackup('it is empty')
  return result.value
}

async function encryptionOf(passphrase: string | undefined) {
  const header: Header = { format: 'slotkeeper-backup', version: 1 }
  if (passphrase === undefined) return { header }
  const [salt, iv] = [randomBytes(16), randomBytes(12)]
  const { key, check } = await keyOf(passphrase, salt)
  const encryption = { salt: salt.toString('base64'), iv: iv.toString('base64'), check }
  return { header: { ...header, encryption }, cipher: createCipheriv('aes-256-gcm', key, iv) }
}

async function decipherOf({ salt, iv, check }: Encryption, passphrase: string | undefined) {
  if (passphrase === undefined) throw new BrokenBackup('it is encrypted: set BACKUP_PASSPHRASE')
  const { key, check: own } = await keyOf(passphrase, Buffer.from(salt, 'base64'))
  if (own.length !== check.length || !timingSafeEqual(Buffer.from(own), Buffer.from(check)))
    throw new BrokenBackup('BACKUP_PASSPHRASE is not the one it was encrypted with')
  return createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'))
}

/** The key, and what tells a wrong passphrase before anything is read; it says nothing of the key. */
async function keyOf(passphrase: string, salt: Buffer): Promise<{ key: Buffer; check: string }> {
  const bytes = await derive(passphrase, salt, 64, SCRYPT)
  return { key: bytes.subarray(0, 32), check: createHash('sha256').update(bytes.subarray(32)).digest('base64') }
}

async function finish(output: ReturnType<typeof createWriteStream>, tag: Buffer | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  output.once('error', reject)
  output.once('close', () => resolve(undefined))
  output.end(tag)
  await promise
}

/** The file's first line, and its last bytes, which are the tag of an encrypted one. */
async function readEnds(file: string) {
  const handle = await open(file).catch((error: unknown) => {
    throw new BrokenBackup(`it cannot be read (${String(error)})`, { cause: error })
  })
  try {
    const { size } = await handle.stat()
    const start = Buffer.alloc(Math.min(size, HEADER_MAX_BYTES))
    await handle.read(start, 0, start.length, 0)
    const tag = Buffer.alloc(TAG_BYTES)
    if (size > TAG_BYTES) await handle.read(tag, 0, TAG_BYTES, size - TAG_BYTES)
    const head = start.subarray(0, start.indexOf('\n') + 1)
    const header = parseHeader(head.toString())
    if (!header) throw new BrokenBackup('it is none of Slotkeeper, or of a newer kind')
    return { header, head, size, tag }
  } finally {
    await handle.close()
  }
}

/** What decompressing and deciphering say of bytes that are not what was written. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    code.startsWith('ZSTD_') ||
    code.startsWith('Z_') ||
    code.startsWith('ERR_ZLIB') ||
    /authenticate data/.test(error.message)
  )
}
