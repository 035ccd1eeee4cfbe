type Entry = { method: string; path: string; info: string; parameter?: string | null }
type WapitiReport = { vulnerabilities: Record<string, Entry[]>; anomalies: Record<string, Entry[]> }

/** Every finding in a report of wapiti in JSON, whatever its weight. */
export function findingsOfWapiti(json: string): string[] {
  const { vulnerabilities, anomalies } = JSON.parse(json) as WapitiReport
  return [vulnerabilities, anomalies].flatMap((kinds) =>
    Object.entries(kinds).flatMap(([kind, entries]) =>
      entries.map(({ method, path, info, parameter }) => `${kind}: ${method} ${path} (${parameter ?? ''}): ${info}`),
    ),
  )
}

/** The parameters into which sqlmap could inject. */
export function findingsOfSqlmap(output: string): string[] {
  return [...output.matchAll(/^Parameter: .+$/gm)].map(([line]) => line)
}

/** How many pages and forms wapiti says that it has found. */
export function pagesOfWapiti(output: string): number {
  return Number(/found (\d+) URLs and forms/.exec(output)?.[1] ?? 0)
}
