import { randomBytes } from 'node:crypto'
import { defineCommand, JSON_OPTION } from './command.ts'

const STEPS = [
  'Set SECRET_KEY_PREVIOUS to the value that SECRET_KEY has now.',
  'Set SECRET_KEY to the new key.',
  'Restart all web and worker processes, one after the other: whoever is signed in stays so, and links in mails go on working.',
  'After 30 days without being used every session of the former key is over. Links in mails that it signed end with its removal: keep it as long as appointments from before are to come.',
  'Remove SECRET_KEY_PREVIOUS and restart again. When the former key was stolen, do so at once: everybody signs in anew.',
]

export const command = defineCommand({
  help: `
Prints a new SECRET_KEY and the steps by which it takes the place of the present one, with nobody signed out and no link
in a mail broken. It changes nothing by itself.

  node apps/server/src/main.ts rotate-secret

  --json  {"key", "steps"}
`,
  options: JSON_OPTION,
  async run({ output }) {
    const key = randomBytes(36).toString('base64url')
    const steps = STEPS.map((step, index) => `${index + 1}. ${step}`)
    output.tell({ key, steps: STEPS }, [`New key: ${key}`, '', ...steps].join('\n'))
    return 0
  },
})
