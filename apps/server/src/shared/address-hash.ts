import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'

const HASH_BYTES = 16

/**
 * Stands for an address at one business, without telling it. Of IPv6 the first half counts (RFC 6177): everybody has all
 * the addresses of a network.
 */
export function addressHash(secretKey: string, organizationId: string, address: string): Buffer {
  const text = `address ${organizationId} ${networkOf(address)}`
  return createHmac('sha256', secretKey).update(text).digest().subarray(0, HASH_BYTES)
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address
  const [before = '', after] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const head = groupsOf(before)
  const tail = groupsOf(after ?? '')
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length
  return [...head, ...Array.from({ length: zeros }, () => '0'), ...tail].slice(0, 4).join(':')
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''))
}
