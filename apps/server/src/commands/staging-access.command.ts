import { createHash, randomBytes } from 'node:crypto'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

const PASSWORD_BYTES = 16

export const command = defineCommand({
  help: `
Makes a password for somebody who may see a staging, and the entry for STAGING_ACCESS, which does not tell it. It changes
nothing by itself and needs no setting.

  node apps/server/src/main.ts staging-access ada

  --json  {"name", "password", "entry"}

Entries are joined by commas; taking one out and restarting shuts its owner out.
`,
  options: JSON_OPTION,
  takes: { atLeast: 1, atMost: 1 },
  async run({ positionals: [name = ''], output }) {
    if (!/^[\w.-]+$/.test(name)) throw new UsageError('A name has letters, digits, dots, hyphens and underscores')
    const password = randomBytes(PASSWORD_BYTES).toString('base64url')
    const entry = `${name}:${createHash('sha256').update(`${name}:${password}`).digest('hex')}`
    output.tell({ name, password, entry }, `Name: ${name}\nPassword: ${password}\nEntry: ${entry}`)
    return 0
  },
})
