/** A finding of a scanner that is known and accepted, until it is looked at again. */
export type Exception = {
  scanner: 'wapiti' | 'sqlmap'
  /** what it says, as text within it */
  finding: string
  reason: string
  /** the date from which it counts again, YYYY-MM-DD */
  until: string
}

export const EXCEPTIONS: Exception[] = []

/** The findings that nobody has accepted, or not until this date. */
export function unaccepted(
  scanner: Exception['scanner'],
  findings: string[],
  { exceptions, date }: { exceptions: Exception[]; date: string },
): string[] {
  const open = exceptions.filter((exception) => exception.scanner === scanner && exception.until > date)
  return findings.filter((finding) => !open.some((exception) => finding.includes(exception.finding)))
}
