import { describeEnvironment } from '../config/describe.ts'
import { systemClock } from '../shared/clock.ts'
import { exitCodeOf, formatFindings, toResult } from '../shared/finding.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Looks at everything that this installation needs, from where it runs, and says of each what to do when it is not well:
settings, PostgreSQL (connection, TLS, version, migrations, user, clock, replica), Redis, disks, the certificate of
PUBLIC_URL, the mail server (it signs in, and sends nothing), queue, backups, retention, open doors, and whether the environment is
safe. It changes nothing, and tells no secret. Ends with 1 when something has failed; warnings do not count.

  node apps/server/src/main.ts doctor

  --json  {"ok", "findings": [{"name", "state": "ok", "warning" or "failed", "found", "fix"}]}

Everything is looked at at the same time, and for no longer than 15 seconds. Migrations that wait are a warning: before
a roll out they do.
`,
  options: JSON_OPTION,
  async run({ output }) {
    // Loaded when it is wanted: --help need not wait for all that is looked at.
    const { examine } = await import('../doctor/doctor.service.ts')
    output.progress('Looking')
    const findings = await examine(describeEnvironment(), systemClock)
    output.tell(toResult(findings), formatFindings(findings))
    return exitCodeOf(findings)
  },
})
