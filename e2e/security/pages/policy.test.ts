import { expect, test } from 'vitest'
import { headerFaults } from './policy.ts'

const NONCE = 'q83vEjRWeJCrze8SNFZ4kA=='
const GOOD = {
  url: 'https://localhost/booking/1?token=a',
  html: `<script nonce="${NONCE}">start()</script>`,
  headers: {
    'content-security-policy': `default-src 'none'; script-src 'self' 'nonce-${NONCE}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'strict-transport-security': 'max-age=31536000',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'cache-control': 'private, no-store',
  },
}

const withHeader = (name: string, value: string) => ({ ...GOOD, headers: { ...GOOD.headers, [name]: value } })

test('a page as it should be has no faults', () => {
  expect(headerFaults(GOOD)).toEqual([])
})

test('inline scripts that are allowed, and scripts without the nonce, are faults', () => {
  const policy = GOOD.headers['content-security-policy'].replace("'self'", "'self' 'unsafe-inline'")
  expect(headerFaults(withHeader('content-security-policy', policy))).toHaveLength(1)
  expect(headerFaults({ ...GOOD, html: '<script>start()</script>' })).toEqual(['1 scripts without the nonce'])
  expect(headerFaults({ ...GOOD, html: '<p onclick="start()">' })).toEqual(['it has a handler in an attribute'])
})

test('a page of links that others may keep, or whose address is told, has a fault', () => {
  expect(headerFaults(withHeader('cache-control', 'max-age=60'))).toEqual(['others may keep a copy'])
  expect(headerFaults(withHeader('referrer-policy', 'strict-origin-when-cross-origin'))).toEqual([
    'its address is told to other sites',
  ])
})

test.each(Object.keys(GOOD.headers))('a page without %s has a fault', (name) => {
  expect(headerFaults(withHeader(name, ''))).not.toEqual([])
})
