import { createSignUpLinks } from '../auth/sign-up-link.ts'
import { readEnvironment } from '../config/environment.ts'
import { systemClock, toInstantText } from '../shared/clock.ts'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

const GOOD_FOR_MS = 7 * 86_400_000

export const command = defineCommand({
  help: `
Makes a link by which one person makes an account, and then a business: the first of a new installation, and everybody
after where SIGN_UP is invited. It is for that address alone, good once and for seven days. Nothing is sent or kept: hand
it over yourself.

  node apps/server/src/main.ts sign-up-link ada@example.com

  --json  {"email", "url", "end"}

It reads SECRET_KEY and PUBLIC_URL.
`,
  options: JSON_OPTION,
  takes: { atLeast: 1, atMost: 1 },
  async run({ positionals: [email = ''], output }) {
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new UsageError(`'${email}' is no email address`)
    const endMs = systemClock.nowMs() + GOOD_FOR_MS
    const url = createSignUpLinks(readEnvironment()).urlFor(email, endMs)
    const end = toInstantText(endMs)
    output.tell({ email, url, end }, `${url}\nGood once, until ${end}.`)
    return 0
  },
})
