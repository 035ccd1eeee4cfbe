import { readFile } from 'node:fs/promises'
import { ConfigError } from '../config/config.ts'
import { compareSnapshots, parseSnapshot, type Snapshot } from '../config/snapshot.ts'
import { reasonOf } from '../shared/finding.ts'
import { CommandError, defineCommand, JSON_OPTION } from './command.ts'
import { formatTable } from './format-table.ts'

export const command = defineCommand({
  help: `
Compares the settings of two installations, or of one at two times, as config export has written them. It needs no
setting.

  node apps/server/src/main.ts config diff staging.json production.json
  node apps/server/src/main.ts config diff staging.json production.json --allow PUBLIC_URL --allow ENVIRONMENT

  --allow  a setting that may differ; may be given several times
  --json   [{"name", "before", "after"}]

Ends with 1 when another one differs.
`,
  options: { ...JSON_OPTION, allow: { type: 'string', multiple: true } } as const,
  takes: { atLeast: 2, atMost: 2 },
  async run({ values: { allow = [] }, positionals: [before = '', after = ''], output }) {
    const [one, other] = [await read(before), await read(after)]
    const differences = compareSnapshots(one, other).filter(({ name }) => !allow.includes(name))
    const rows = differences.map((difference) => [difference.name, difference.before, difference.after])
    const text = rows.length === 0 ? 'No difference' : formatTable([['setting', before, after], ...rows])
    output.tell(differences, text)
    return differences.length === 0 ? 0 : 1
  },
})

async function read(file: string): Promise<Snapshot> {
  try {
    return parseSnapshot(await readFile(file, 'utf8'))
  } catch (error) {
    const reason = error instanceof ConfigError ? error.message : reasonOf(error)
    throw new CommandError(`${file} cannot be compared: ${reason}`, { cause: error })
  }
}
