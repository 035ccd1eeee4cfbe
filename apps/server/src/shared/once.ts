/** A request that must have its effect once, however often it is sent. */
export type Once = {
  key: string
  /** SHA-256 over all that makes it the same request */
  requestHash: Buffer
}
