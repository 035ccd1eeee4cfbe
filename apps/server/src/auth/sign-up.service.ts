import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import { sendAccountMail, type AccountMailDeps } from '../notifications/account-mails.service.ts'
import { AppError } from '../shared/app-error.ts'
import type { Clock } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { createSignUpLinks, type SignUpLinks } from './sign-up-link.ts'
import * as queries from './sign-up.queries.ts'

type AdmitDeps = { config: Pick<Config, 'signUp'>; clock: Clock; links: SignUpLinks }

const WithLink = Type.Object({ email: Type.String(), token: Type.String() })

/**
 * Lets somebody make an account where everybody may at once, or with a link for their address.
 * @returns what the sign-in library is to be told
 * @throws {AppError} auth.sign_up_refused, the same whatever the address
 */
export function admitSignUp({ config, clock, links }: AdmitDeps, body: object): object {
  const isAllowed = config.signUp === 'open' || (Value.Check(WithLink, body) && links.allows(body, clock.nowMs()))
  if (!isAllowed)
    throw refused('Accounts are made with a link here, and this one is not good, or no longer. Ask for a new one.')
  return { ...body, token: undefined }
}

type AskDeps = { db: Database; clock: Clock; config: Pick<Config, 'signUp'> }

/**
 * Has somebody told by mail how to go on who wants an account. Whether there is one already is looked at when the mail is
 * written: only who reads it learns that.
 * @throws {AppError} auth.sign_up_refused where accounts are made by invitation
 */
export async function askForAccount(
  { db, clock, config }: AskDeps,
  asked: { email: string; locale: string },
): Promise<void> {
  if (config.signUp === 'invited')
    throw refused('Accounts are made by invitation here. Ask whoever runs this installation for a link.')
  await queries.queueAnswer(db, { id: newId(clock.nowMs()), ...asked })
}

export type AnswerDeps = AccountMailDeps & {
  db: Database
  clock: Clock
  config: Pick<Config, 'secretKey' | 'secretKeyPrevious' | 'publicUrl'>
}

const GOOD_FOR_MS = 86_400_000

/**
 * Writes to whoever wants an account: a link that makes it, or that they have one.
 * @throws when it is to be tried again later
 */
export async function answerSignUp(deps: AnswerDeps, { id, email, locale }: queries.Asked): Promise<void> {
  const { db, clock, config } = deps
  const mail = { id, recipient: email, locale }
  if (await queries.hasAccount(db, email)) {
    await sendAccountMail(deps, { ...mail, kind: 'account.known', url: `${config.publicUrl}/sign-in` })
    return
  }
  const url = createSignUpLinks(config).urlFor(email, clock.nowMs() + GOOD_FOR_MS)
  await sendAccountMail(deps, { ...mail, kind: 'account.link', url })
}

function refused(detail: string): AppError {
  return new AppError('auth.sign_up_refused', detail)
}
