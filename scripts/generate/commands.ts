import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COMMANDS, type Entry } from '../../apps/server/src/commands/table.ts'
import { ROOT } from '../shared/run-command.ts'

// Writes the operators' page of commands from the commands themselves.
const sections = await Promise.all(COMMANDS.map(sectionOf))
await writeFile(join(ROOT, 'docs/operate/commands.md'), [...introduction(), ...sections].join('\n'))

function introduction(): string[] {
  const rows = COMMANDS.map(({ name, summary }) => `| [\`${name}\`](#${name.replace(' ', '-')}) | ${summary} |`)
  return [
    '# Commands',
    '',
    '_For operators: what each command does, as it says itself._',
    '',
    "One entry, several commands: `node apps/server/src/main.ts <command>` where Slotkeeper is installed (in its image: the container's command), `npm run slotkeeper -- <command>` in a checkout. Settings are [environment variables](settings.md). This page is written from the commands themselves (`npm run generate`).",
    '',
    'Exit codes: `0` all is well, `1` a problem was found or met, `2` the command was used wrongly. With `--json`, the result is one line of JSON on standard output; what is being done is told on standard error.',
    '',
    '| command | what it does |',
    '| --- | --- |',
    ...rows,
    '',
  ]
}

async function sectionOf({ name, load }: Entry): Promise<string> {
  const { command } = await load()
  return [`## ${name}`, '', '```text', command.help, '```', ''].join('\n')
}
