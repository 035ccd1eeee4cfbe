import type { Check, Finding } from './checks/finding.ts'
import type { Struck } from './faults/schedule.ts'
import type { Entry } from './history.ts'

const SHOWN = 5

/** Operations by kind, and how they ended. */
export function operationTable(history: Entry[]): string {
  const kinds = Map.groupBy(history, ({ kind }) => kind)
  const rows = [...kinds].map(([kind, entries]) => [kind, ...countsOf(entries)])
  const columns = ['operation', 'done', 'refused', 'unknown', 'sent again', 'longest ms']
  return table([columns, ...rows, ['all', ...countsOf(history)]])
}

function countsOf(entries: Entry[]): string[] {
  const count = (of: (entry: Entry) => boolean) => String(entries.filter(of).length)
  const longestMs = entries.reduce((most, { invokedMs, endedMs }) => Math.max(most, endedMs - invokedMs), 0)
  return [
    count(({ outcome }) => outcome === 'done'),
    count(({ outcome }) => outcome === 'refused'),
    count(({ outcome }) => outcome === 'unknown'),
    count(({ tries }) => tries > 1),
    String(longestMs),
  ]
}

export function faultTable(faults: Struck[]): string {
  const kinds = Map.groupBy(faults, ({ kind }) => kind)
  const rows = [...kinds].map(([kind, struck]) => [kind, String(struck.length)])
  return table([['fault', 'times'], ...rows, ['all', String(faults.length)]])
}

/** What every check found; of what contradicts it, the first few. */
export function findingTable(findings: { check: Check; finding: Finding }[]): string {
  return findings
    .flatMap(({ check: { claim }, finding: { counted, what, violations, notes = [] } }) => [
      `  ${violations.length === 0 ? 'ok      ' : 'VIOLATED'}  ${claim} (${counted} ${what})`,
      ...notes.map((note) => `            ${note}`),
      ...violations.slice(0, SHOWN).map((violation) => `            ${violation}`),
      ...(violations.length > SHOWN ? [`            and ${violations.length - SHOWN} more`] : []),
    ])
    .join('\n')
}

function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return rows.map((row) => `  ${line(row)}`).join('\n')
}
