import { createHash } from 'node:crypto'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeBackupFile } from './backup-file.ts'
import { readBackup } from './check.service.ts'
import { BrokenBackup, encodeNote, encodeRows } from './frames.ts'

/** Names and random ids, so that much of the compressed file is literal text. */
const ROWS = Buffer.from(
  Array.from({ length: 20 }, (_, row) => `${row}\t${crypto.randomUUID()}\tAda Lovelace\n`).join(''),
)

async function* body() {
  const versions = { application: '0.1.0', postgres: '18.4', migrations: ['0001_start'], queueMigration: 1 }
  yield encodeNote({ type: 'start', createdAt: '2026-11-26T12:00:00Z', ...versions })
  yield encodeNote({ type: 'table', table: 'customer', columns: ['number', 'id', 'name'] })
  yield encodeRows(ROWS)
  const sha256 = createHash('sha256').update(ROWS).digest('hex')
  yield encodeNote({ type: 'count', table: 'customer', rows: 20, sha256 })
  yield encodeNote({ type: 'end', tables: 1 })
}

test('a backup is told to be broken, or nothing of it is lost, whichever of its bits is flipped', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'slotkeeper-file-'))
  const file = join(folder.path, 'some.backup')
  const readAll = () => {
    const seen: string[] = []
    const onTable = async (...table: unknown[]) => void seen.push(JSON.stringify(table))
    const onRows = async (bytes: Buffer) => void seen.push(bytes.toString())
    return readBackup({ file, passphrase: undefined }, { onTable, onRows }).then((contents) => ({ contents, seen }))
  }
  await writeBackupFile(file, body())
  const bytes = await readFile(file)
  const whole = await readAll()
  expect(whole.contents).toMatchObject({ tables: 1, rows: 20 })
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at)
    await writeFile(file, flipped)
    const outcome = await readAll().catch((error: unknown) => error)
    if (outcome instanceof BrokenBackup) continue
    expect(outcome, `byte ${at} of ${bytes.length}`).toEqual(whole)
  }
})
