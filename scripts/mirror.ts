import { parseArgs } from 'node:util'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { mirrorTo } from './pipeline/mirror.ts'
import { secretFiles } from './pipeline/secret-file.ts'
import { ROOT } from './shared/run-command.ts'

answerHelp(`
Makes a second remote what origin is: all branches and tags, and none that is gone there.

  npm run mirror -- --to ssh://git@mirror.example.com/slotkeeper.git

MIRROR_SSH_KEY and MIRROR_KNOWN_HOSTS, where they are set, are the key to it and what it is known by.
`)

const { values } = parseArgs({ options: { to: { type: 'string', default: '' } } })
const { MIRROR_SSH_KEY: key, MIRROR_KNOWN_HOSTS: knownHosts } = process.env
if (!/^(?:ssh:\/\/|https:\/\/|[\w.-]+@)/.test(values.to)) {
  console.error('--to takes an address for ssh or https.')
  process.exitCode = 2
} else if (key && knownHosts) {
  await using files = await secretFiles({ key, knownHosts })
  const { paths } = files
  process.env['GIT_SSH_COMMAND'] =
    `ssh -i ${paths.key} -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=${paths.knownHosts}`
  await mirrorTo(ROOT, values.to)
} else {
  await mirrorTo(ROOT, values.to)
}
