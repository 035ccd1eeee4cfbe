import type { Business } from '../clients/business.ts'
import type { Struck } from '../faults/schedule.ts'
import type { Entry } from '../history.ts'
import type { Delivery } from '../system/mail-server.ts'
import type { TableRow } from './rows.ts'
import type { Transaction } from './timeline.ts'

/** A message of the ledger as it is in the end. */
export type LedgerRow = {
  id: string
  /** of the booking, or of the wish, that it tells of */
  bookingId: string
  recipient: string
  state: string
  /** null of a wish, whose news have no order */
  sequence: number | null
  lastError: string | null
}

export type JobRow = {
  id: string
  task: string
  attempts: number
  maxAttempts: number
  lockedBy: string | null
  lockedAt: string | null
  lastError: string | null
}

/** What the product's own check of its audit trail said. */
export type AuditReport = { exitCode: number; output: string; unsealed: number }

/** Everything that the checks look at: they do nothing but read it. */
export type Evidence = {
  businesses: Business[]
  history: Entry[]
  faults: Struck[]
  timeline: Transaction[]
  /** rows as they are in the end, read without the record */
  tables: TableRow[]
  ledger: LedgerRow[]
  deliveries: Delivery[]
  jobs: JobRow[]
  audit: AuditReport
}
