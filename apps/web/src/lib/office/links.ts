/** What is needed of an address; pages have theirs read-only. */
type Address = Pick<URL, 'pathname' | 'search'>

/** Whether a `next=` leads to a page of our own: a path, not another host's. */
export function safeNext(next: string | null, fallback: string): string {
  if (next === null || !/^\/(?![/\\])/.test(next) || /[\\\p{Cc}]/u.test(next)) return fallback
  return next
}

/** The page to sign in on, which leads back to where one wanted to go. */
export function signInPath(url: URL): string {
  return `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`
}

/** The same page with some parameters of its address changed; null removes one. */
export function withParams(url: Address, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(url.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) params.delete(name)
    else params.set(name, value)
  }
  const search = params.toString()
  return search === '' ? url.pathname : `${url.pathname}?${search}`
}

/** The page that tells why a time is not offered, with what is known of it already. */
export function whyPath(organization: string, known: Record<string, string>): string {
  return withParams({ pathname: `/app/${organization}/calendar/why`, search: '' }, known)
}
