import { buildImage, type BuiltImage } from './image.ts'
import { startInstallation, type Installation } from './installation.ts'

/** Some tests of the product in containers, which `--only` names. */
export type Group = {
  name: string
  /** what it proves, for --help */
  about: string
  run: (tools: Tools) => Promise<void>
}

export type Tools = {
  /** a fraction of what takes long, for CI */
  short: boolean
  /** the image of this checkout, built when it is first asked for */
  image: () => Promise<BuiltImage>
  /** one that all groups share, started when it is first asked for: each leaves it as it found it */
  installation: () => Promise<Installation>
  /** proves one sentence about behaviour; the next one is tried whatever became of it */
  check: (sentence: string, prove: () => Promise<void>) => Promise<void>
  /** a figure for --json, such as docker.rollout.failed */
  figure: (figure: Figure) => void
}

export type Figure = { name: string; value: number; unit: string }

export type Totals = { passed: number; failed: number; figures: Figure[] }

/** As much of a failure as helps; the rest would be whole logs. */
const SHOWN_LINES = 12
const SHOWN_LENGTH = 300

/** Runs groups one after the other and prints what they prove. A group that cannot go on counts as one failure. */
export async function runGroups(groups: Group[], { short }: { short: boolean }): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0, figures: [] }
  const check = async (sentence: string, prove: () => Promise<void>) => {
    try {
      await prove()
      totals.passed++
      console.log(`  ok  ${sentence}`)
    } catch (error) {
      totals.failed++
      console.log(`  FAILED  ${sentence}\n${indented(error)}`)
    }
  }
  await using stack = new AsyncDisposableStack()
  const image = once(async () => stack.use(await buildImage('1.2.3-test')))
  const installation = once(async () => stack.use(await startInstallation({ image: await image() })))
  for (const group of groups) {
    const startedMs = performance.now()
    console.log(`\n${group.name}: ${group.about}`)
    try {
      await group.run({ short, image, installation, check, figure: (figure) => totals.figures.push(figure) })
    } catch (error) {
      totals.failed++
      console.log(`  FAILED  ${group.name} could not go on\n${indented(error)}`)
    }
    console.log(`  ${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
  }
  return totals
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}

function indented(error: unknown): string {
  const causes = []
  for (let cause = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
    causes.push(cause instanceof Error ? cause.message : JSON.stringify(cause))
  }
  const lines = causes.join('\n').split('\n').slice(0, SHOWN_LINES)
  return lines.map((line) => `      ${line.slice(0, SHOWN_LENGTH)}`).join('\n')
}
