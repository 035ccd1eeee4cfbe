import { expect, test } from 'vitest'
import { withPlatform } from './platform.ts'

test.each([
  [{ HEROKU_APP_DEFAULT_DOMAIN_NAME: 'practice-1a2b.herokuapp.com', HEROKU_APP_NAME: 'practice' }],
  [{ HEROKU_APP_NAME: 'practice-1a2b' }],
])('the address of an app is the one that Heroku tells: %o', (env) => {
  expect(withPlatform(env)['PUBLIC_URL']).toBe('https://practice-1a2b.herokuapp.com')
})

test('an address that is set stays, and elsewhere there is none', () => {
  const own = { HEROKU_APP_NAME: 'practice', PUBLIC_URL: 'https://book.example.com' }
  expect(withPlatform(own)).toEqual(own)
  expect(withPlatform({ PORT: '5000' })).toEqual({ PORT: '5000' })
})
