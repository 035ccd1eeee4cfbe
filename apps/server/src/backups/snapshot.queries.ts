import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { OwnerClient } from '../db/owner.ts'
import { chooseOrganization, type Table } from './tables.queries.ts'

/** How values are written, whatever the database's own settings: by these they are read again. */
const FORMATS = [
  `set timezone = 'UTC'`,
  `set datestyle = 'ISO, YMD'`,
  `set intervalstyle = 'postgres'`,
  `set bytea_output = 'hex'`,
  `set extra_float_digits = 1`,
  `set client_encoding = 'UTF8'`,
]

export async function agreeOnFormats(client: OwnerClient): Promise<void> {
  for (const format of FORMATS) await client.query(format)
}

/** Begins a transaction that sees one moment of the whole database, and changes nothing. */
export async function beginSnapshot(client: OwnerClient): Promise<void> {
  await client.query('begin isolation level repeatable read, read only')
}

export async function begin(client: OwnerClient): Promise<void> {
  await client.query('begin')
}

export async function commit(client: OwnerClient): Promise<void> {
  await client.query('commit')
}

export type Rows = { rows: number }

/**
 * The rows of a table as COPY writes them.
 * @param organizations  whose rows are read one after the other, where row-level security shows one at a time
 * @param counted        grows with every organization
 */
export async function* readRows(
  client: OwnerClient,
  { name, columns, isForced }: Table,
  organizations: readonly string[] | undefined,
  counted: Rows,
): AsyncGenerator<Buffer> {
  const statement = `copy (select ${columns.join(', ')} from ${name}) to stdout`
  for (const organization of isForced && organizations ? organizations : [undefined]) {
    if (organization !== undefined) await chooseOrganization(client, organization)
    const stream = client.query(copyTo(statement))
    for await (const chunk of stream) yield asBuffer(chunk)
    counted.rows += stream.rowCount
  }
}

/** Takes the rows of one table, as COPY has written them. */
export type RowWriter = { write: (bytes: Buffer) => Promise<void>; end: () => Promise<number> }

export function writeRows(client: OwnerClient, table: string, columns: readonly string[]): RowWriter {
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  stream.once('error', failure.reject)
  const done = new Promise<void>((resolve) => stream.once('finish', resolve))
  return {
    async write(bytes) {
      if (stream.write(bytes)) return
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), failure.promise])
    },
    async end() {
      stream.end()
      await Promise.race([done, failure.promise])
      return stream.rowCount
    },
  }
}

function asBuffer(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk
  throw new TypeError('PostgreSQL copies bytes')
}
