import type { Attachment } from 'svelte/attachments'

const seen = new WeakSet<Element>()

/**
 * Shows another value when the page brings one. The first value is the default that came with the page: what somebody
 * typed over it before the page's code came to life stays.
 */
export function showing(
  value: string | number,
): Attachment<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement> {
  return (element) => {
    if (seen.has(element)) element.value = String(value)
    else seen.add(element)
  }
}
