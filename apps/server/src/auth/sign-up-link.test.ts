import { expect, test } from 'vitest'
import { createSignUpLinks } from './sign-up-link.ts'

const NOW = Date.parse('2026-03-02T08:00:00Z')
const KEYS = {
  ...{ secretKey: 'a key that is long enough to be taken', secretKeyPrevious: undefined },
  publicUrl: 'https://book.example.com',
}
const links = createSignUpLinks(KEYS)

function sentBy(url: string) {
  const { searchParams } = new URL(url)
  return { email: searchParams.get('email') ?? '', token: searchParams.get('token') ?? '' }
}

test('a link leads to the page, and is good for its address until its end, however the address is spelt', () => {
  const url = links.urlFor('Ada+work@Example.com', NOW + 1)
  expect(url).toMatch(/^https:\/\/book\.example\.com\/sign-up\?/)
  const { email, token } = sentBy(url)
  expect(email).toBe('ada+work@example.com')
  expect(links.allows({ email, token }, NOW)).toBe(true)
  expect(links.allows({ email: 'ADA+work@example.com', token }, NOW)).toBe(true)
  expect(links.allows({ email, token }, NOW + 1)).toBe(false)
})

test('a token is none for another address, with another end, of another key, or changed in any byte', () => {
  const sent = sentBy(links.urlFor('ada@example.com', NOW + 1))
  expect(links.allows({ ...sent, email: 'eve@example.com' }, NOW)).toBe(false)
  const others = createSignUpLinks({ ...KEYS, secretKey: 'another key that is long enough' })
  expect(others.allows(sent, NOW)).toBe(false)
  const bytes = Buffer.from(sent.token, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    expect(links.allows({ ...sent, token: changed.toString('base64url') }, NOW)).toBe(false)
  }
})

test.each(['', 'x', 'a'.repeat(40), 'a'.repeat(10_000), '%%%'])('what is no token is none: %s', (token) => {
  expect(links.allows({ email: 'ada@example.com', token }, NOW)).toBe(false)
})

test('while keys are exchanged, links of the previous key are good; without it, they are not', () => {
  const sent = sentBy(links.urlFor('ada@example.com', NOW + 1))
  const secretKey = 'the key that is new and long enough'
  expect(createSignUpLinks({ ...KEYS, secretKey, secretKeyPrevious: KEYS.secretKey }).allows(sent, NOW)).toBe(true)
  expect(createSignUpLinks({ ...KEYS, secretKey }).allows(sent, NOW)).toBe(false)
})
