import type { BookingRow, TableRow } from '../evidence/rows.ts'

/** The tag that an operation wrote into the name of its customer. */
export function tagOf({ customerName }: Pick<BookingRow, 'customerName'>): string {
  return customerName.slice(customerName.indexOf('#'))
}

/** Bookings by the operation that asked for them. */
export function indexTags(tables: TableRow[]) {
  const bookings = new Map<string, BookingRow[]>()
  for (const { table, row } of tables) {
    if (table !== 'booking') continue
    const tag = tagOf(row)
    bookings.set(tag, [...(bookings.get(tag) ?? []), row])
  }
  const idsOf = (tag: string) => (bookings.get(tag) ?? []).map(({ id }) => id)
  return { bookings, idsOf }
}
