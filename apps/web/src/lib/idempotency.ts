/** What the API takes as a key: printable ASCII. */
const KEY = /^[\x21-\x7e]{8,200}$/

/** A key for a form that creates something: sent twice, it creates once. */
export function newKey(): string {
  return crypto.randomUUID()
}

/** The header that makes a repeated POST safe. What comes back from a form and is no key, as nobody's form has it, counts for none. */
export function keyHeader(key: string): { 'idempotency-key': string } {
  return { 'idempotency-key': KEY.test(key) ? key : newKey() }
}
