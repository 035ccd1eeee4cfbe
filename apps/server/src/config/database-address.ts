/** How connections to the database are encrypted, where its address does not say it. */
export type DatabaseTls = { caFile: string | undefined; sslMode: string | undefined }

/**
 * Puts into a database's address how to encrypt: whoever connects by it then does. A certificate authority of one's own
 * means that chain and host name are checked, whatever the address says. Modes mean what they mean to libpq.
 */
export function databaseAddress(url: string, { caFile, sslMode }: DatabaseTls): string {
  const address = new URL(url)
  const query = address.searchParams
  if (caFile) {
    query.set('sslmode', 'verify-full')
    query.set('sslrootcert', caFile)
  } else if (sslMode && !query.has('sslmode')) {
    query.set('sslmode', sslMode)
  }
  // The driver would otherwise take these for verify-full, until its next major version.
  const isWeaker = ['prefer', 'require', 'verify-ca'].includes(query.get('sslmode') ?? '')
  if (isWeaker && !query.has('uselibpqcompat')) query.set('uselibpqcompat', 'true')
  return query.size === 0 ? url : address.href
}
