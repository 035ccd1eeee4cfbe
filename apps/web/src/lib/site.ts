/**
 * The origin under which people reach this installation, as its settings say. What a request says of its host is the
 * visitor's word: it gets into no link.
 */
export function publicUrl(): string {
  const context = globalThis.__slotkeeper?.getStore()
  if (!context) throw new Error('The pages are served by the API server only.')
  return context.publicUrl
}
