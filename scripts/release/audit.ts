import { failed, ok, warning, type Finding } from '../../apps/server/src/shared/finding.ts'
import { runCommand } from '../shared/run-command.ts'

const NAME = 'dependency audit'

type Report = { metadata?: { vulnerabilities: Record<string, number> }; message?: string; error?: { summary?: string } }

/** Known weaknesses of the packages that go along with the product; the registry says, where it has an answer. */
export async function checkAudit(): Promise<Finding[]> {
  const { output } = await runCommand('npm', ['audit', '--omit=dev', '--json'])
  return [judgeAudit(output)]
}

/** @param output of `npm audit --json`, warnings around it included */
export function judgeAudit(output: string): Finding {
  const report = readReport(output)
  if (!report?.metadata) {
    // Addresses of registries are nobody's business.
    const reason = (report?.message ?? report?.error?.summary ?? 'it said nothing of use').replaceAll(
      /https?:\/\/\S+/g,
      '',
    )
    const fix = 'Run `npm audit --omit=dev` where the registry answers it, as the pipeline does.'
    return warning(NAME, `not looked at, as the registry does not answer audits: ${reason.trim()}`, fix)
  }
  const { total = 0, ...counts } = report.metadata.vulnerabilities
  const told = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
  if (total === 0) return ok(NAME, 'no known weakness')
  const fix = 'Run `npm audit --omit=dev`, and update what it names.'
  const isGrave = (counts['high'] ?? 0) + (counts['critical'] ?? 0) > 0
  return (isGrave ? failed : warning)(NAME, told.join(', '), fix)
}

function readReport(output: string): Report | undefined {
  const json = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)
  try {
    return JSON.parse(json) as Report
  } catch {
    return undefined // What it said is no report, and is told as such.
  }
}
