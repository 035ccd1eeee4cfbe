import pg from 'pg'
import { serialize } from 'pg-protocol'

/** One statement of a batch. It is prepared under its name once a connection: the same name always means the same text. */
export type Statement = {
  name: string
  text: string
  values: unknown[]
  /** done once the batch is committed, such as counting it; it must not throw */
  onCommit?: () => void
}

/** A row of text, numbers, booleans and nulls; the statement's author knows its shape and parses it. */
export type Row = Record<string, unknown>

/** The statements that are prepared on a connection, by their names, with the columns that they answer with. */
type Prepared = Map<string, Field[]>

const prepared = new WeakMap<pg.Connection, Prepared>()

/**
 * Several prepared statements with one Sync behind the last: the server runs them as one transaction, skips what follows
 * an error, commits at the Sync, and answers once. The driver's own queries each end with a Sync, which costs both sides
 * a system call and the server a flush. What a statement answers with is asked once a connection, and all of it is written
 * as one piece.
 * @see PostgreSQL's documentation, "Pipelining" in the chapter on the message flow of the extended query protocol
 */
export class BatchQuery implements pg.Submittable {
  /** the rows of each statement, when all of it is committed; rejects with the first error */
  readonly rows: Promise<Row[][]>
  readonly #statements: Statement[]
  readonly #outcome = Promise.withResolvers<Row[][]>()
  readonly #results: Row[][] = []
  /** of the statements that are asked about here */
  readonly #described: Prepared = new Map()
  #known: Prepared = new Map()
  #rows: Row[] = []

  constructor(statements: Statement[]) {
    this.#statements = statements
    this.rows = this.#outcome.promise
  }

  submit(connection: pg.Connection): Error | null {
    this.#known = preparedOn(connection)
    const parts: Buffer[] = []
    for (const { name, text, values } of this.#statements) {
      const isNew = !this.#known.has(name) && !this.#described.has(name)
      if (isNew) {
        this.#described.set(name, [])
        // A batch that failed may have prepared it all the same. Closing what does not exist is no error.
        parts.push(serialize.close({ type: 'S', name }), serialize.parse({ name, text }))
      }
      parts.push(serialize.bind({ statement: name, values: values.map(toWire) }))
      if (isNew) parts.push(serialize.describe({ type: 'P' }))
      parts.push(serialize.execute())
    }
    parts.push(serialize.sync())
    connection.stream.write(Buffer.concat(parts))
    return null
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    const columns = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }))
    this.#described.set(this.#current, columns)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const row: Row = {}
    const columns = this.#known.get(this.#current) ?? this.#described.get(this.#current) ?? []
    columns.forEach(({ name, parse }, index) => {
      const text = fields[index] ?? null
      row[name] = text === null ? null : parse(text)
    })
    this.#rows.push(row)
  }

  handleCommandComplete(): void {
    this.#results.push(this.#rows)
    this.#rows = []
  }

  handleError(error: Error): void {
    this.#outcome.reject(error)
  }

  handleReadyForQuery(): void {
    for (const [name, columns] of this.#described) this.#known.set(name, columns)
    this.#outcome.resolve(this.#results)
  }

  /** The name of the statement whose answer is coming in. */
  get #current(): string {
    return this.#statements[this.#results.length]?.name ?? ''
  }
}

type Field = { name: string; parse: (text: string) => unknown }

function preparedOn(connection: pg.Connection): Prepared {
  let known = prepared.get(connection)
  if (!known) {
    known = new Map()
    prepared.set(connection, known)
  }
  return known
}

const { BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8 } = pg.types.builtins
const BOOLEAN: number = BOOL
const NUMBERS: ReadonlySet<number> = new Set([INT2, INT4, INT8, FLOAT4, FLOAT8])

/** Numbers and booleans are parsed, all else stays text. 64-bit counts and amounts of money stay far below 2^53. */
function parserOf(typeId: number): (text: string) => unknown {
  if (NUMBERS.has(typeId)) return Number
  return typeId === BOOLEAN ? (text) => text === 't' : String
}

/** A parameter as the protocol takes it: text, bytes or nothing. */
function toWire(value: unknown): string | Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value
  if (Array.isArray(value)) return `{${value.map(toElement).join(',')}}`
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new TypeError(`A parameter of a statement cannot be ${typeof value}`)
}

/** An element of an array in PostgreSQL's own notation. */
function toElement(value: unknown): string {
  const text = toWire(value)
  if (text === null) return 'NULL'
  if (typeof text !== 'string') throw new TypeError('An array of bytes is not supported')
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
