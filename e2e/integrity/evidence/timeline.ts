import type { TableRow, Tables } from './rows.ts'

/** A row as it was after its change; a deleted one as it was before. */
export type RowChange = { op: 'insert' | 'update' | 'delete' } & TableRow

/** Everything that became true at one moment. */
export type Transaction = {
  id: string
  /** the moment of its commit, epoch ms */
  atMs: number
  changes: RowChange[]
}

/** A recorded change, in the order of writing. */
export type Recorded = { transaction: string; atMs: number; change: RowChange }

/**
 * Transactions in the order of their commits. Who waits for another's lock commits later, so the order is one in which the
 * changes could have been made one after another.
 */
export function toTimeline(recorded: Recorded[]): Transaction[] {
  const transactions = new Map<string, Transaction>()
  for (const { transaction: id, atMs, change } of recorded) {
    let transaction = transactions.get(id)
    if (!transaction) {
      transaction = { id, atMs, changes: [] }
      transactions.set(id, transaction)
    }
    transaction.changes.push(change)
  }
  return [...transactions.values()].sort((a, b) => a.atMs - b.atMs)
}

/** What makes a row one and the same through its changes. */
export function keyOf({ table, row }: TableRow): string {
  if (table === 'seat') return `seat ${row.sessionId} ${row.number}`
  if (table === 'idempotency_key') return `key ${row.organizationId} ${row.key}`
  return `${table} ${row.id}`
}

/** The changes of one table in a transaction. */
export function changesOf<Table extends keyof Tables>(
  { changes }: Transaction,
  table: Table,
): { op: RowChange['op']; row: Tables[Table] }[] {
  return changes.flatMap((change) =>
    change.table === table ? [{ op: change.op, row: change.row as Tables[Table] }] : [],
  )
}
