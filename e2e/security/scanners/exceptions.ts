/** A finding of a scanner that is known and accepted, until it is looked at again. */
export type Exception = {
  scanner: 'wapiti' | 'sqlmap'
  /** what it says, as text within it */
  finding: string
  reason: string
  /** the date from which it counts again, YYYY-MM-DD */
  until: string
}

export const EXCEPTIONS: Exception[] = [
  {
    scanner: 'wapiti',
    finding: 'X-XSS-Protection is not set',
    reason: 'browsers have dropped that filter, which made holes of its own; the policy with nonces stands for it',
    until: '2027-12-01',
  },
]

/** The findings that nobody has accepted, or not until this date. */
export function unaccepted(
  scanner: Exception['scanner'],
  findings: string[],
  { exceptions, date }: { exceptions: Exception[]; date: string },
): string[] {
  const open = exceptions.filter((exception) => exception.scanner === scanner && exception.until > date)
  return findings.filter((finding) => !open.some((exception) => finding.includes(exception.finding)))
}
