import { expect, test } from 'vitest'
import { addressHash } from './address-hash.ts'

const SECRET = 'a key for tests that is long enough to be taken'
const hash = (address: string, organizationId = 'one') => addressHash(SECRET, organizationId, address).toString('hex')

test('an address is one at a business, however it is written, and another one elsewhere', () => {
  expect(hash('192.0.2.1')).toBe(hash('::ffff:192.0.2.1'))
  expect(hash('192.0.2.1')).not.toBe(hash('192.0.2.2'))
  expect(hash('192.0.2.1')).not.toBe(hash('192.0.2.1', 'two'))
})

test('all addresses of one IPv6 network are one', () => {
  expect(hash('2001:db8:0:7::1')).toBe(hash('2001:0DB8::0007:ffff:1:2:3'))
  expect(hash('2001:db8:0:7::1')).not.toBe(hash('2001:db8:0:8::1'))
  expect(hash('::1')).toBe(hash('::2'))
})
