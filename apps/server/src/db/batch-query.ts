import pg from 'pg'

/** One statement of a batch. It is prepared under its name once a connection: the same name always means the same text. */
export type Statement = { name: string; text: string; values: unknown[] }

/** A row of text, numbers, booleans and nulls; the statement's author knows its shape and parses it. */
export type Row = Record<string, unknown>

/** The statements that are prepared on a connection. */
const prepared = new WeakMap<pg.Connection, Set<string>>()

/**
 * Several prepared statements with one Sync behind the last: the server runs them as one transaction, skips what follows
 * an error, commits at the Sync, and answers once. The driver's own queries each end with a Sync, which costs both sides
 * a system call and the server a flush.
 * @see PostgreSQL's documentation, "Pipelining" in the chapter on the message flow of the extended query protocol
 */
export class BatchQuery implements pg.Submittable {
  /** the rows of each statement, when all of it is committed; rejects with the first error */
  readonly rows: Promise<Row[][]>
  readonly #statements: Statement[]
  readonly #outcome = Promise.withResolvers<Row[][]>()
  readonly #results: Row[][] = []
  #fields: Field[] = []
  #rows: Row[] = []
  #connection: pg.Connection | undefined

  constructor(statements: Statement[]) {
    this.#statements = statements
    this.rows = this.#outcome.promise
  }

  submit(connection: pg.Connection): Error | null {
    this.#connection = connection
    const known = preparedOn(connection)
    const values = this.#statements.map((statement) => statement.values.map(toWire))
    connection.stream.cork()
    this.#statements.forEach(({ name, text }, index) => {
      if (!known.has(name)) {
        // A batch that failed may have prepared it all the same. Closing what does not exist is no error.
        connection.close({ type: 'S', name }, true)
        connection.parse({ name, text, types: [] }, true)
      }
      connection.bind({ statement: name, values: values[index] ?? [] }, true)
      connection.describe({ type: 'P' }, true)
      connection.execute({}, true)
    })
    connection.sync()
    connection.stream.uncork()
    return null
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    this.#fields = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }))
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const row: Row = {}
    this.#fields.forEach(({ name, parse }, index) => {
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
    const known = this.#connection && preparedOn(this.#connection)
    for (const { name } of this.#statements) known?.add(name)
    this.#outcome.resolve(this.#results)
  }
}

type Field = { name: string; parse: (text: string) => unknown }

function preparedOn(connection: pg.Connection): Set<string> {
  let names = prepared.get(connection)
  if (!names) {
    names = new Set()
    prepared.set(connection, names)
  }
  return names
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
