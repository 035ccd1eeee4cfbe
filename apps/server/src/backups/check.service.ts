import { createHash } from 'node:crypto'
import { readBackupFile } from './backup-file.ts'
import type { BackupFacts, Note } from './backup-format.ts'
import { BrokenBackup, decodeFrames, type Frame } from './frames.ts'

/** What a complete backup holds. */
export type Contents = BackupFacts & { tables: number; rows: number }

/** What is done with the parts of a backup while it is read. */
export type Reader = {
  onTable: (table: string, columns: string[]) => Promise<void>
  onRows: (bytes: Buffer) => Promise<void>
  onCount: (note: Extract<Note, { type: 'count' }>) => Promise<void>
  onSequences: (note: Extract<Note, { type: 'sequences' }>) => Promise<void>
}

export type BackupSource = { file: string; passphrase: string | undefined }

const nothing = () => Promise.resolve()
const IGNORE: Reader = { onTable: nothing, onRows: nothing, onCount: nothing, onSequences: nothing }

/**
 * Reads a backup to its end: all parts are there, unchanged and in their order.
 * @throws {BrokenBackup} when they are not
 */
export async function readBackup(source: BackupSource, reader: Partial<Reader> = {}): Promise<Contents> {
  const { onTable, onRows, onCount, onSequences } = { ...IGNORE, ...reader }
  return readBackupFile(source.file, source.passphrase, async (body) => {
    const frames = decodeFrames(body)
    const first = await frames.next()
    const contents = { ...startOf(first.done ? undefined : first.value), tables: 0, rows: 0 }
    let hash = createHash('sha256')
    let expected: number | undefined
    for await (const frame of frames) {
      if (frame.kind === 'rows') {
        hash.update(frame.bytes)
        await onRows(frame.bytes)
      } else if (frame.note.type === 'table') {
        hash = createHash('sha256')
        await onTable(frame.note.table, frame.note.columns)
      } else if (frame.note.type === 'count') {
        if (hash.digest('hex') !== frame.note.sha256)
          throw new BrokenBackup(`the rows of ${frame.note.table} were changed`)
        contents.tables += 1
        contents.rows += frame.note.rows
        await onCount(frame.note)
      } else if (frame.note.type === 'sequences') {
        await onSequences(frame.note)
      } else if (frame.note.type === 'end') {
        expected = frame.note.tables
      }
    }
    if (expected !== contents.tables) throw new BrokenBackup('it is cut off')
    return contents
  })
}

function startOf(frame: Frame | undefined): BackupFacts {
  if (frame?.kind !== 'note' || frame.note.type !== 'start') throw new BrokenBackup('its beginning is missing')
  const { type: _, ...facts } = frame.note
  return facts
}
