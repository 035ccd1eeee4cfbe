import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROFILES } from '../../apps/server/src/config/profiles.ts'
import { SETTINGS, type Setting } from '../../apps/server/src/config/settings.ts'
import { ROOT } from '../shared/run-command.ts'

// Writes .env.example and the operators' page of settings from the settings themselves.
const settings: readonly Setting[] = SETTINGS

await writeFile(join(ROOT, '.env.example'), `${settings.map(exampleOf).join('\n\n')}\n`)
await writeFile(join(ROOT, 'docs/operate/settings.md'), pageOf(settings))

/** Required settings are given, the others stand there as comments with their default. */
function exampleOf({ name, purpose, expected, example, fallback, optional }: Setting): string {
  const isNeeded = fallback === undefined && !optional
  return [`# ${purpose}`, `# Expected: ${expected}.`, `${isNeeded ? '' : '# '}${name}=${fallback ?? example}`].join(
    '\n',
  )
}

function pageOf(all: readonly Setting[]): string {
  const rows = all.map(
    ({ name, purpose, expected, example, fallback, optional, secret }) =>
      `| \`${name}\` | ${purpose}${secret ? ' A secret.' : ''} | ${expected} | ${fallback === undefined ? (optional ? 'none' : '**required**') : `\`${fallback}\``} | \`${example}\` |`,
  )
  return [
    '# Settings',
    '',
    '_For operators: every setting, with its default and an example._',
    '',
    'Slotkeeper is set up by environment variables alone; nothing is compiled in. A missing or wrong one stops the start with its name, what was expected and an example. This page is written from the same list that checks them (`npm run generate`).',
    '',
    '`npm start` on your own machine needs none of them: it brings a database and a mail inbox, makes a secret key, and keeps everything in `.data`. Each that you set replaces that part with the real thing. Two more are for that command alone: `DATA_DIR` moves the folder, and `PORT` wins over the default.',
    '',
    '| setting | what for | expected | default | example |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## In each environment',
    '',
    'What is not the same everywhere. A risk that stops the start can be [accepted](environments.md#what-keeps-a-production-from-starting); all else is as above.',
    '',
    '| setting | development | staging | production |',
    '| --- | --- | --- | --- |',
    ...Object.entries(PROFILES).map(
      ([name, { development, staging, production }]) => `| \`${name}\` | ${development} | ${staging} | ${production} |`,
    ),
    '',
  ].join('\n')
}
