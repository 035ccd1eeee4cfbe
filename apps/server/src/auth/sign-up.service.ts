import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Config } from '../config/config.ts'
import { AppError } from '../shared/app-error.ts'
import type { Clock } from '../shared/clock.ts'
import type { SignUpLinks } from './sign-up-link.ts'

export type SignUpDeps = { config: Pick<Config, 'signUp'>; clock: Clock; links: SignUpLinks }

const WithLink = Type.Object({ email: Type.String(), token: Type.String() })

/**
 * Lets somebody make an account where everybody may, or with a link for their address.
 * @returns what the sign-in library is to be told
 * @throws {AppError} auth.sign_up_refused, the same whatever the address
 */
export function admitSignUp({ config, clock, links }: SignUpDeps, body: object): object {
  const isAllowed = config.signUp === 'open' || (Value.Check(WithLink, body) && links.allows(body, clock.nowMs()))
  if (!isAllowed) {
    const detail = 'Accounts are made with a link here, and this one is not good, or no longer. Ask for a new one.'
    throw new AppError('auth.sign_up_refused', detail)
  }
  return { ...body, token: undefined }
}
