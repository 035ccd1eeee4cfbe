import { ConfigError } from '../config/config.ts'
import { readSnapshot } from '../config/environment.ts'
import { CommandError, defineCommand } from './command.ts'

export const command = defineCommand({
  help: `
Writes every setting with where it comes from (set, file, default, none), and with its value where that is no secret: to
be kept under version control, and to be compared by config diff.

  node apps/server/src/main.ts config export > production.json
  CONFIG_KEY=$(openssl rand -hex 32) node apps/server/src/main.ts config export > production.json

With CONFIG_KEY each secret has a mark, by which equal ones are seen in exports that were made with the same key. Choose
one for a comparison and forget it: whoever has it could try values. Without it only whether a secret is set is told.
`,
  options: {},
  async run({ output }) {
    try {
      const text = JSON.stringify(readSnapshot(), undefined, 2)
      output.tell(undefined, text)
      return 0
    } catch (error) {
      throw error instanceof ConfigError ? new CommandError(error.message, { cause: error }) : error
    }
  },
})
