/**
 * The origin under which people reach this installation, as its settings say. What a request says of its host is the
 * visitor's word: it gets into no link.
 */
export function publicUrl(): string {
  return context().publicUrl
}

/** Who may make an account here: who has a link, who gets one by mail, or everybody at once. */
export function signUpMode(): 'invited' | 'confirmed' | 'open' {
  return context().signUp
}

function context() {
  const given = globalThis.__slotkeeper?.getStore()
  if (!given) throw new Error('The pages are served by the API server only.')
  return given
}
