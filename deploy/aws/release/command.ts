import { parseArgs } from 'node:util'
import { imageName } from '../../../scripts/pipeline/image.ts'
import { chosen } from '../environment.ts'
import { connect } from './aws.ts'
import type { Docker } from './images.ts'
import { EXIT, NoRelease } from './outcome.ts'
import type { Wish } from './plan.ts'
import { deploy, rollBack } from './release.ts'
import type { Asked } from './steps.ts'

export const HELP = `Brings another version to an environment on AWS, and the version before back. Visitors go on.

  npm run deploy:aws -- --environment staging --version v1.4.0
  npm run rollback:aws -- --environment staging

  --dry-run   tells the steps, and takes none
  --prepare   image, files and schema only, for an application that is then built for the first time
  --every     seconds between two looks at what AWS does; 5 by default
  --patience  minutes that a task or the stack may take; 50 by default

The image comes from IMAGE, its public name without a tag, when the environment's registry has not got it. Who asks AWS
comes from the environment's variables, as the AWS SDK reads them; docker must be there. For a staging that shows itself
to named people only, STAGING_CREDENTIALS is one of them, as name:password.

Image, static files and schema come first: until then a failure changes nothing for visitors. Ctrl-C leaves what AWS has
begun to itself.

Exit codes: 0 it runs, 1 it does not and what ran before does, 2 used wrongly, 3 it did not serve and what ran before is
back, 4 a person must look.`

const USED_WRONGLY = 2

type Outside = {
  env: Readonly<Record<string, string | undefined>>
  docker: Docker
  say: (line: string) => void
  complain: (line: string) => void
}

const options = {
  environment: { type: 'string', default: '' },
  version: { type: 'string', default: '' },
  back: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  prepare: { type: 'boolean', default: false },
  every: { type: 'string', default: '5' },
  patience: { type: 'string', default: '50' },
} as const

/**
 * What stands behind deploy:aws and rollback:aws.
 * @returns the exit code
 */
export async function release(args: string[], outside: Outside): Promise<number> {
  const { say, complain } = outside
  try {
    const { values } = parseArgs({ args, options })
    const asked = askedBy(values, outside)
    if (values.back) await rollBack(asked)
    else await deploy(asked, wishOf(values, outside))
    say('done')
    return EXIT.done
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    if (error instanceof NoRelease) return error.exitCode
    if (!isUsage(error)) return EXIT.refused
    complain('npm run deploy:aws -- --help tells how it is used.')
    return USED_WRONGLY
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

function askedBy(values: Values, { env, docker, say }: Outside): Asked {
  if (values.back && (values.version || values.prepare)) throw new RangeError('Going back is to the version before')
  const config = chosen({ environment: values.environment })
  const everyMs = Math.max(1, numberOf(values.every, '--every') * 1_000)
  const patienceMs = numberOf(values.patience, '--patience') * 60_000
  return {
    aws: connect(config.region),
    docker,
    config,
    watch: { everyMs, looks: Math.ceil(patienceMs / everyMs) },
    say,
    credentials: env['STAGING_CREDENTIALS'],
    dryRun: values['dry-run'],
  }
}

/** @throws {RangeError} when the version could be no tag */
function wishOf({ version, prepare }: Values, { env }: Outside): Wish {
  if (!/^\w[\w.-]{0,127}$/.test(version)) throw new RangeError('--version is a tag, such as v1.4.0')
  return { version, image: env['IMAGE'] && imageName(env['IMAGE']), prepare }
}

function numberOf(text: string, option: string): number {
  const number = Number(text)
  if (text === '' || !(number >= 0)) throw new RangeError(`${option} is a number`)
  return number
}

function isUsage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return error instanceof RangeError || code.startsWith('ERR_PARSE_ARGS')
}
