import { readPublicAddress, readStagingCredentials } from '../config/environment.ts'
import { systemClock } from '../shared/clock.ts'
import { exitCodeOf, formatFindings, toResult } from '../shared/finding.ts'
import { smoke } from '../smoke/smoke.service.ts'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

const options = {
  ...JSON_OPTION,
  url: { type: 'string' },
  organization: { type: 'string' },
  insecure: { type: 'boolean' },
} as const

export const command = defineCommand({
  help: `
Asks a running installation what its visitors ask, over HTTP: health, the OpenAPI document, the start page with its
security headers and a static file that browsers may keep, and the redirection to HTTPS. With a business: its page, the
page of its first public service, free times, and one of them held and let go. Nothing of it stays. It needs no setting.

  node apps/server/src/main.ts smoke
  node apps/server/src/main.ts smoke --url https://book.example.com --organization practice

  --url           the installation; PUBLIC_URL when left out, or the web process of this machine where that is not set
  --organization  a public business, as it stands in its address; without one that part is skipped
  --insecure      takes any certificate, such as one that an installation has made for itself
  --json          {"ok", "findings": [{"name", "state": "ok", "warning" or "failed", "found", "fix"}]}

STAGING_CREDENTIALS=name:password is who asks, for a staging that shows itself to named people only.

Ends with 1 when something has failed; what was skipped is a warning.
`,
  options,
  async run({ values: { url = readPublicAddress(), organization, insecure = false }, output }) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new UsageError('--url takes an http:// or https:// address')
    output.progress(`Asking ${url}`)
    const findings = await smoke(
      { url: new URL(url).origin, organization, insecure, credentials: readStagingCredentials() },
      systemClock,
    )
    output.tell(toResult(findings), formatFindings(findings))
    return exitCodeOf(findings)
  },
})
