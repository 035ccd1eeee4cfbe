import { expect, test } from 'vitest'
import { judgePage, judgeRedirect } from './site.checks.ts'

test.each([
  [308, 'https://book.example.com/', 'ok'],
  [301, 'https://book.example.com:443/', 'ok'],
  [200, undefined, 'failed'],
  [301, 'http://book.example.com/', 'failed'],
  [301, 'https://book.example.com.evil.example/', 'failed'],
])('who comes without HTTPS and is answered %s to %s: %s', (status, location, state) => {
  const headers = location === undefined ? {} : { location }
  expect(judgeRedirect({ status, headers }, 'book.example.com').state).toBe(state)
})

const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html lang="en">Cut &amp; Care</html>' }

test('a page is whole, and says whose it is', () => {
  expect(judgePage('page', page, 'Cut & Care').state).toBe('ok')
  expect(judgePage('page', page, 'Another').state).toBe('failed')
  expect(judgePage('page', { ...page, body: '<html lang="en">Cut &amp; Care' }).state).toBe('failed')
  expect(judgePage('page', { ...page, status: 502 }).state).toBe('failed')
})
