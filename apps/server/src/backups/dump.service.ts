import { createHash } from 'node:crypto'
import { withOwner, type OwnerClient } from '../db/owner.ts'
import { RELEASE } from '../observe/release.ts'
import { writeBackupFile } from './backup-file.ts'
import { encodeNote, encodeRows } from './frames.ts'
import { agreeOnFormats, beginSnapshot, readRows } from './snapshot.queries.ts'
import * as queries from './tables.queries.ts'
import { orderByReferences } from './tables.rules.ts'

export type DumpRequest = {
  databaseOwnerUrl: string
  file: string
  /** the file is encrypted with it, when there is one */
  passphrase: string | undefined
  onTable: (table: string, rows: number) => void
}

export type Dump = { createdAt: string; tables: number; rows: number; migration: string | undefined }

/**
 * Writes all of the database into one file: a single moment of it, in the middle of whatever goes on. Nobody waits for it.
 * It needs nothing but a connection as the owner of the schema.
 */
export async function createBackup({ databaseOwnerUrl, file, passphrase, onTable }: DumpRequest): Promise<Dump> {
  return withOwner(databaseOwnerUrl, async (client) => {
    await agreeOnFormats(client)
    await beginSnapshot(client)
    const facts = { ...(await queries.readFacts(client)), application: RELEASE }
    const tables = await tablesInOrder(client)
    const dump = { tables: tables.length, rows: 0 }
    const body = async function* () {
      yield encodeNote({ type: 'start', ...facts })
      const organizations = (await queries.passesRowSecurity(client))
        ? undefined
        : await queries.listOrganizations(client)
      for (const table of tables) {
        const counted = { rows: 0 }
        yield* bodyOf(client, table, organizations, counted)
        dump.rows += counted.rows
        onTable(table.name, counted.rows)
      }
      yield encodeNote({ type: 'sequences', values: await queries.listSequences(client) })
      yield encodeNote({ type: 'end', tables: tables.length })
    }
    await writeBackupFile(file, body(), passphrase)
    return { createdAt: facts.createdAt, ...dump, migration: facts.migrations.at(-1) }
  })
}

/** All tables, each after those it points at. */
async function tablesInOrder(client: OwnerClient): Promise<queries.Table[]> {
  const tables = await queries.listTables(client)
  const byName = new Map(tables.map((table) => [table.name, table]))
  const names = orderByReferences([...byName.keys()], await queries.listReferences(client))
  return names.flatMap((name) => byName.get(name) ?? [])
}

async function* bodyOf(
  client: OwnerClient,
  table: queries.Table,
  organizations: readonly string[] | undefined,
  counted: { rows: number },
): AsyncGenerator<Buffer> {
  yield encodeNote({ type: 'table', table: table.name, columns: table.columns })
  const hash = createHash('sha256')
  for await (const bytes of readRows(client, table, organizations, counted)) {
    hash.update(bytes)
    yield encodeRows(bytes)
  }
  yield encodeNote({ type: 'count', table: table.name, rows: counted.rows, sha256: hash.digest('hex') })
}
