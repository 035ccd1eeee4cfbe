import { expect, test } from 'vitest'
import { createWorld } from '../../test/world.ts'
import { loadConfig } from '../config/config.ts'
import { createAuth } from './auth.service.ts'

const OLD = 'h2Jk5mN8pQ1rS4tU7vW0xY3zA6bC9dE2'
const NEW = 'z9Yx8Wv7Ut6Sr5Qp4On3Ml2Kj1Ih0Gf9'

test('who signed in under the previous key stays signed in until that key is removed', async () => {
  await using world = await createWorld({ env: { SECRET_KEY: OLD } })
  const { cookie } = await world.signIn('owner')

  /** Who the cookie says it is, to a process with these keys. */
  async function signedInWith(env: Record<string, string>, text = cookie): Promise<boolean> {
    const { databaseUrl, publicUrl } = world.config
    const base = { DATABASE_URL: databaseUrl, PUBLIC_URL: publicUrl, MAIL_SERVER: 'localhost' }
    const auth = await createAuth(loadConfig({ ...base, ...env }), () => undefined)
    try {
      return (await auth.sessionOf(new Headers({ cookie: text }))) !== undefined
    } finally {
      await auth.close()
    }
  }

  expect(await signedInWith({ SECRET_KEY: NEW, SECRET_KEY_PREVIOUS: OLD })).toBe(true)
  expect(await signedInWith({ SECRET_KEY: OLD, SECRET_KEY_PREVIOUS: NEW })).toBe(true)
  expect(await signedInWith({ SECRET_KEY: NEW })).toBe(false)
  expect(await signedInWith({ SECRET_KEY: NEW, SECRET_KEY_PREVIOUS: `${OLD}.` })).toBe(false)
  const forged = cookie.replace(/=./, '=X')
  expect(await signedInWith({ SECRET_KEY: NEW, SECRET_KEY_PREVIOUS: OLD }, forged)).toBe(false)
})
