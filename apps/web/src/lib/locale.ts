/**
 * The reader's own variant of a language, as the browser names it: `en-GB` for pages in `en`. It decides between 12 and
 * 24 hours and which day a week begins with.
 * @param accepted  the header Accept-Language (RFC 9110 §12.5.4), most wanted first
 */
export function regionalLocale(language: string, accepted: string | null): string {
  const tags = (accepted ?? '').split(',').map((part) => part.split(';')[0]?.trim() ?? '')
  const own = tags.find((tag) => tag.toLowerCase().startsWith(`${language}-`) && isLocale(tag))
  return own ?? language
}

function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
