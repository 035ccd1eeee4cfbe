/** How a command of the pipeline is tried where the pipeline is not. */
export type Way =
  /** it runs, against stand-ins where it speaks to somebody; `excuse` is what alone it may fail with here */
  | { as: 'itself'; env?: Record<string, string>; excuse?: RegExp; isLong?: true; needsDocker?: true }
  /** that it is there and starts: it is asked for its help */
  | { as: 'start'; why: string }
  | { as: 'nothing'; why: string }

const itself: Way = { as: 'itself' }

/** The first that fits a command counts. What none fits, nobody has thought of. */
const WAYS: readonly (readonly [RegExp, Way])[] = [
  [/^npm ci /, { as: 'nothing', why: 'how the packages came here' }],
  [/^npm run check$/, { as: 'start', why: '.ci/run runs it whole' }],
  [/^npm run test -- /, { as: 'start', why: '.ci/run runs it whole' }],
  [/^npm run test:properties$/, { as: 'itself', env: { PROPERTY_CASES: '2000' } }],
  [/^npm run test:[a-z]+( |$)/, { as: 'start', why: 'takes minutes to hours' }],
  // Registries that answer no audits are told of, and fail the pipeline; here, nothing else may.
  [/^npm run scan /, { as: 'itself', excuse: /^failed +dependency audit +not looked at/ }],
  [/^npm run image -- build /, { as: 'itself', isLong: true, needsDocker: true }],
  [/^npm run image -- push /, { as: 'start', why: 'nothing is pushed from here' }],
  [/^npm run smoke$/, { as: 'itself', isLong: true }],
  [/^npm run ship -- --test-restore /, itself],
  [/^npm run ship .*--target aws/, { as: 'nothing', why: 'no AWS here; the tests of deploy/aws play it' }],
  [/^npm run (?:needs|sbom|ship|mirror|announce|release-check)( |$)/, itself],
]

/** Why an action of somebody else is not run here. */
const ACTIONS: Record<string, string> = {
  'actions/checkout': 'a clone stands for it',
  'actions/setup-node': 'npm brings Node.js along',
  'actions/upload-artifact': 'only on GitHub',
  'actions/dependency-review-action': 'asks GitHub',
  'actions/attest-build-provenance': 'signs with the identity that GitHub gives',
  'actions/attest-sbom': 'signs with the identity that GitHub gives',
  'anchore/scan-action': 'asks a data base of weaknesses',
  'aws-actions/configure-aws-credentials': 'signs in with the identity that GitHub gives',
  'github/codeql-action': 'only on GitHub',
}

/** @returns undefined when nobody has said how this command is tried */
export function wayOf(command: string): Way | undefined {
  return WAYS.find(([pattern]) => pattern.test(command))?.[1]
}

/** @returns undefined when nobody has said why this action is not run */
export function reasonOf(action: string): string | undefined {
  if (action.startsWith('./')) return 'what it runs is tried as of the job'
  const [owner = '', name = ''] = action.split('@')[0]?.split('/') ?? []
  return ACTIONS[`${owner}/${name}`]
}
