import { failed, ok, warning, type Finding } from '../../apps/server/src/shared/finding.ts'
import { readExceptions } from '../pipeline/exceptions.ts'
import { runCommand } from '../shared/run-command.ts'

const NAME = 'dependency audit'

/** What is known of one package: weaknesses of its own, and names of others that it has them from. */
type Weak = { via: (string | { url: string; severity: string })[] }
type Report = { vulnerabilities?: Record<string, Weak>; message?: string; error?: { summary?: string } }

/**
 * Known weaknesses of the packages that go along with the product; the registry says, where it has an answer.
 * @param isStrict  no answer is a failure, too
 */
export async function checkAudit(root: string, isStrict = false): Promise<Finding[]> {
  const { output } = await runCommand('npm', ['audit', '--omit=dev', '--json'])
  const excepted = (await readExceptions(root)).map(({ id }) => id)
  return [judgeAudit(output, { excepted, isStrict })]
}

/**
 * @param output of `npm audit --json`, warnings around it included
 * @param excepted  the ids of weaknesses that are let through
 */
export function judgeAudit(output: string, { excepted = [] as string[], isStrict = false } = {}): Finding {
  const report = readReport(output)
  if (!report?.vulnerabilities) {
    // Addresses of registries are nobody's business.
    const reason = (report?.message ?? report?.error?.summary ?? 'it said nothing of use').replaceAll(
      /https?:\/\/\S+/g,
      '',
    )
    const fix = 'Run `npm audit --omit=dev` where the registry answers it, as the pipeline does.'
    const judge = isStrict ? failed : warning
    return judge(NAME, `not looked at, as the registry does not answer audits: ${reason.trim()}`, fix)
  }
  const known = weaknessesOf(report.vulnerabilities)
  const open = [...known].filter(([id]) => !excepted.includes(id))
  const except = known.size === open.length ? '' : `, ${known.size - open.length} excepted`
  if (open.length === 0) return ok(NAME, `no known weakness${except}`)
  const fix = 'Run `npm audit --omit=dev`, and update what it names.'
  const isGrave = open.some(([, severity]) => severity === 'high' || severity === 'critical')
  const told = open.map(([id, severity]) => `${id} (${severity})`).join(', ')
  return (isGrave ? failed : warning)(NAME, `${told}${except}`, fix)
}

/** Each weakness once, by the last part of its advisory's address, with how grave it is. */
function weaknessesOf(packages: Record<string, Weak>): Map<string, string> {
  const advisories = Object.values(packages).flatMap(({ via }) => via.filter((one) => typeof one !== 'string'))
  return new Map(advisories.map(({ url, severity }) => [url.split('/').at(-1) ?? url, severity]))
}

function readReport(output: string): Report | undefined {
  const json = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)
  try {
    return JSON.parse(json) as Report
  } catch {
    return undefined // What it said is no report, and is told as such.
  }
}
