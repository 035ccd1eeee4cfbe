/** The file's first line; all after it is compressed (zstd), and encrypted where the line says so. */
export type Header = { format: 'slotkeeper-backup'; version: 1; encryption?: Encryption }

/** AES-256-GCM under a key that scrypt makes of the passphrase; the file's last 16 bytes are the tag. */
export type Encryption = { salt: string; iv: string; check: string }

/** What a backup says of itself, in this order: start, then table and its count for each, sequences, end. */
export type Note =
  | ({ type: 'start' } & BackupFacts)
  | { type: 'table'; table: string; columns: string[] }
  | { type: 'count'; table: string; rows: number; sha256: string }
  | { type: 'sequences'; values: SequenceValue[] }
  | { type: 'end'; tables: number }

export type BackupFacts = {
  /** RFC 3339, by the database's clock: the moment whose state it is */
  createdAt: string
  application: string
  postgres: string
  /** names of the migrations, oldest first */
  migrations: string[]
  /** the newest migration of the queue's own */
  queueMigration: number
}

export type SequenceValue = { name: string; lastValue: string; isCalled: boolean }

/** A foreign key, from the table that has it to the table it points at. */
export type Reference = { from: string; to: string }
