import type { Clock } from '../shared/clock.ts'
import { runChecks, warning, type Finding } from '../shared/finding.ts'
import { askAt } from './ask.ts'
import { checkBusiness } from './business.checks.ts'
import { siteChecks } from './site.checks.ts'

export type SmokeRequest = {
  url: string
  /** the business on which the way of a customer is tried */
  organization: string | undefined
  /** takes any certificate */
  insecure: boolean
  /** name:password, for a staging that shows itself to named people only */
  credentials?: string | undefined
}

/** Longer than all questions of one check may take. */
const LIMIT_MS = 60_000

/** Asks a running installation, from outside, what visitors ask of it. Nothing of it stays there. */
export async function smoke(
  { url, organization, insecure, credentials }: SmokeRequest,
  clock: Clock,
): Promise<Finding[]> {
  const ask = askAt(url, { insecure, credentials })
  const checks = siteChecks(ask, url, insecure)
  if (organization === undefined) {
    const skipped = 'skipped, as no business is named: its pages, free times and a hold'
    const findings = await runChecks(checks, LIMIT_MS)
    return [...findings, warning('business', skipped, 'Name a public one: --organization SLUG.')]
  }
  const fix = 'See whether the web process runs, and read its log.'
  const business = { name: 'business', run: () => checkBusiness(ask, clock, organization), fix }
  return runChecks([...checks, business], LIMIT_MS)
}
