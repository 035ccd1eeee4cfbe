import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApplicationOption, EnvironmentName } from '../config.ts'

export type Resource = {
  Type: string
  Properties?: Record<string, unknown>
  DependsOn?: string | string[]
  DeletionPolicy?: string
}

export type TemplateText = {
  Resources: Record<string, Resource>
  Parameters?: Record<string, unknown>
  Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>
}

export type Synthesised = {
  /** by the name of the stack without that of the environment: `network`, `data`, ... */
  templates: Record<string, TemplateText>
  /** where each of those stacks is deployed */
  regions: Record<string, string>
  /** warnings and errors, as `[where, what]` */
  messages: [string, unknown][]
}

const SOURCES = join(import.meta.dirname, '..')
const KEPT = join(SOURCES, '../../node_modules/.cache/aws')

/**
 * An environment's templates as they are deployed, checked. They are kept until something of deploy/aws changes, as tests,
 * costs and diagrams all want them, and making them takes seconds.
 * @throws {Error} with the report of cdk-nag or of CloudFormation's schemas, when they find something
 */
export async function synthesised(environment: EnvironmentName, option: ApplicationOption): Promise<Synthesised> {
  const file = join(KEPT, `${environment}-${option}.json`)
  const sources = fingerprint()
  const kept = read(file)
  if (kept?.sources === sources) return kept
  const made = await synthesise(environment, option)
  mkdirSync(KEPT, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ ...made, sources }))
  renameSync(`${file}.${process.pid}`, file)
  return made
}

/** Of all that templates are made from; package.json has the exact versions of CDK and of its checks. */
function fingerprint(): string {
  const hash = createHash('sha256')
  const files = globSync(['*.ts', 'package.json', '{check,inside,machine,stacks}/*'], { cwd: SOURCES }).sort()
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(SOURCES, file)))
  return hash.digest('hex')
}

function read(file: string): (Synthesised & { sources: string }) | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Synthesised & { sources: string }
  } catch {
    // There is none yet.
    return undefined
  }
}

/** CDK is loaded here only: it takes seconds too. */
async function synthesise(environment: EnvironmentName, option: ApplicationOption): Promise<Synthesised> {
  const [{ checkedApp }, { addEnvironment, chosen }] = await Promise.all([
    import('./checked-app.ts'),
    import('../environment.ts'),
  ])
  const app = checkedApp()
  addEnvironment(app, chosen({ environment, option }))
  const { stacks } = app.synth()
  const nameOf = ({ stackName }: { stackName: string }) => stackName.replace(`slotkeeper-${environment}-`, '')
  return {
    templates: Object.fromEntries(stacks.map((stack) => [nameOf(stack), stack.template as TemplateText])),
    regions: Object.fromEntries(stacks.map((stack) => [nameOf(stack), stack.environment.region])),
    messages: stacks.flatMap(({ messages }) => messages.map(({ id, entry }): [string, unknown] => [id, entry.data])),
  }
}
