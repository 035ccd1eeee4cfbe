import { commandsOf, type WorkflowFile } from './workflows.ts'

/** What is asked of a suite of `npm test`: whether it runs by itself, and whether its own script runs more. */
type SuiteFacts = { name: string; isExtra?: boolean; isPart?: boolean }

/**
 * Nothing is left to somebody's memory: every suite runs before a change goes in, and every script of tests that no suite
 * runs to its end does at night.
 * @param scripts  of package.json
 * @returns a sentence for each that no workflow runs
 */
export function neverRun(
  files: readonly WorkflowFile[],
  suites: readonly SuiteFacts[],
  scripts: readonly string[],
): string[] {
  const runsIn = (workflow: string) => {
    const file = files.find(({ path }) => path.endsWith(`/${workflow}`))
    return (file ? commandsOf(file) : []).map(({ command }) => command.replaceAll('"', ''))
  }
  const [before, atNight] = [runsIn('checks.yml'), runsIn('nightly.yml')]
  const wholeSuites = suites.filter(({ isPart }) => !isPart).map(({ name }) => `test:${name}`)
  return [
    ...suites
      .filter(({ name, isExtra }) => !isExtra && !before.includes(`npm run test -- ${name}`))
      .map(({ name }) => `checks.yml does not run the suite ${name}`),
    ...scripts
      .filter((script) => script.startsWith('test:') && !wholeSuites.includes(script))
      .filter((script) => !atNight.includes(`npm run ${script}`))
      .map((script) => `nightly.yml does not run ${script}`),
  ]
}
