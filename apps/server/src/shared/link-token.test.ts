import { expect, test } from 'vitest'
import { newId } from './id.ts'
import { createLinkSigner, createLinkSigners } from './link-token.ts'

const links = createLinkSigner('a key that is long enough to be taken')
const link = { organizationId: newId(1), bookingId: newId(2), version: 3 }

test('a token tells again what it was made of, and fits into an address', () => {
  const token = links.sign(link)
  expect(token).toMatch(/^[\w-]{56}$/)
  expect(links.verify(link.bookingId, token)).toEqual(link)
})

test('the same link has the same token, in whichever process', () => {
  expect(createLinkSigner('a key that is long enough to be taken').sign(link)).toBe(links.sign(link))
})

test('a token of another key, booking, organization or version is none', () => {
  const token = links.sign(link)
  expect(createLinkSigner('another key that is long enough').verify(link.bookingId, token)).toBeUndefined()
  expect(links.verify(newId(4), token)).toBeUndefined()
  const bytes = Buffer.from(token, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    expect(links.verify(link.bookingId, changed.toString('base64url'))).toBeUndefined()
  }
})

test('a token made for one purpose is none for another', () => {
  const decisions = createLinkSigner('a key that is long enough to be taken', 'booking decision')
  expect(decisions.verify(link.bookingId, links.sign(link))).toBeUndefined()
  expect(links.verify(link.bookingId, decisions.sign(link))).toBeUndefined()
  expect(decisions.verify(link.bookingId, decisions.sign(link))).toEqual(link)
})

test.each(['', 'x', 'a'.repeat(56), 'a'.repeat(10_000), '%%%'])('what is no token is none: %s', (token) => {
  expect(links.verify(link.bookingId, token)).toBeUndefined()
})

test('while keys are exchanged, links of the previous key are taken; new ones are signed by the new key', () => {
  const old = { secretKey: 'the key before, long enough to be taken', secretKeyPrevious: undefined }
  const both = { secretKey: 'the key that is new and long enough', secretKeyPrevious: old.secretKey }
  for (const kind of ['links', 'decisions', 'wishLinks'] as const) {
    const token = createLinkSigners(old)[kind].sign(link)
    expect(createLinkSigners(both)[kind].verify(link.bookingId, token)).toEqual(link)
    const alone = createLinkSigners({ ...both, secretKeyPrevious: undefined })[kind]
    expect(alone.verify(link.bookingId, token)).toBeUndefined()
    expect(alone.verify(link.bookingId, createLinkSigners(both)[kind].sign(link))).toEqual(link)
  }
})
