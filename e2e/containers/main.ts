import { parseArgs } from 'node:util'
import { backups } from './groups/backups.ts'
import { compose } from './groups/compose.ts'
import { databaseUsers } from './groups/database-users.ts'
import { image } from './groups/image.ts'
import { mail } from './groups/mail.ts'
import { monitoring } from './groups/monitoring.ts'
import { nginx } from './groups/nginx.ts'
import { replica } from './groups/replica.ts'
import { runGroups, type Group } from './harness/group.ts'

// The product as it runs in production: its image, its Compose file, and nginx in front, with a real Docker engine.

const GROUPS: Group[] = [image, compose, databaseUsers, nginx, backups, replica, mail, monitoring]

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  const about = GROUPS.map(({ name, about }) => `  ${name.padEnd(16)}${about}`).join('\n')
  console.log(
    `npm run test:containers -- [--short] [--only nginx] [--json]\n\nBuilds the image, starts the Compose file on free ports and tries both; needs a Docker engine.\nNothing that it starts is left.\n\n${about}`,
  )
  process.exit(0)
}
const unknown = values.only.filter((name) => !GROUPS.some((group) => group.name === name))
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}; there are: ${GROUPS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const wanted = values.only.length === 0 ? GROUPS : GROUPS.filter(({ name }) => values.only.includes(name))
const { passed, failed, figures } = await runGroups(wanted, { short: values.short })
if (values.json) for (const figure of figures) console.log(JSON.stringify(figure))
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
