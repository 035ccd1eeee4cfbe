/**
 * The origin under which people reach this installation, as its settings say. What a request says of its host is the
 * visitor's word: it gets into no link.
 */
export function publicUrl(): string {
  return context().publicUrl
}

/** Whether everybody may make an account here, or only who has a link for it. */
export function isSignUpOpen(): boolean {
  return context().signUp === 'open'
}

function context() {
  const given = globalThis.__slotkeeper?.getStore()
  if (!given) throw new Error('The pages are served by the API server only.')
  return given
}
