import { describe, expect, test } from 'vitest'
import { hashSecret, isGood, keyHint, keyText, readKeyText } from './key-text.ts'

const claim = {
  id: '3f2b8c1e-5d4a-4b6c-9e7f-0a1b2c3d4e5f',
  organizationId: '0195f0a0-0000-7000-8000-000000000001',
  secret: Buffer.alloc(32, 7),
}
const text = keyText(claim)

describe('the text of a key', () => {
  test('is one word that says which key it is, and whose', () => {
    expect(text).toMatch(/^sk_[\w-]{86}$/)
    expect(readKeyText(text)).toEqual(claim)
    expect(text.startsWith(keyHint(claim.id))).toBe(true)
    expect(keyHint(claim.id)).toHaveLength(11)
  })

  test.each([
    ['nothing', ''],
    ['the prefix alone', 'sk_'],
    ['another prefix', text.replace('sk_', 'pk_')],
    ['one character less', text.slice(0, -1)],
    ['one more', `${text}A`],
    ['a character that a decoder skips', `${text.slice(0, 20)}.${text.slice(20)}`],
    ['the other alphabet', text.replaceAll('_', '/').replace('sk/', 'sk_').replace(/.$/, '+')],
  ])('is no key when it is %s', (_what, wrong) => {
    expect(readKeyText(wrong)).toBeUndefined()
  })
})

describe('a key is good', () => {
  const kept = { secretHash: hashSecret(claim.secret), expiresAt: new Date(1000), revokedAt: null }

  test('with its secret, until it expires', () => {
    expect(isGood(kept, claim.secret, 999)).toBe(true)
    expect(isGood(kept, claim.secret, 1000)).toBe(false)
  })

  test('no longer when it was revoked, and never with another secret or when it is not there', () => {
    expect(isGood({ ...kept, revokedAt: new Date(0) }, claim.secret, 0)).toBe(false)
    expect(isGood(kept, Buffer.alloc(32, 8), 0)).toBe(false)
    expect(isGood(undefined, claim.secret, -1)).toBe(false)
  })
})
