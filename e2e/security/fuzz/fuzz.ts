import fc from 'fast-check'
import { ask, type Asked } from '../site/ask.ts'
import type { Context, Group } from '../group.ts'
import { createTenants, type Caller, type Tenants } from '../site/tenants.ts'
import { openObjects, readDocument, type Operation } from './document.ts'
import { contractOf, faultsOf } from './judge.ts'
import { requestsOf } from './requests.ts'

/** Requests of each caller for each operation. */
const RUNS = { short: 5, long: 60 }

/** Every operation of the API, asked by everybody for everything, in order and out of order. */
export const fuzz: Group = {
  name: 'fuzz',
  run: async (context) => {
    const { site, claims, seed, short } = context
    const document = await readDocument(site.url)
    const tenants = await createTenants(site, `fuzz${String(seed)}`)
    const open = document.operations.flatMap(({ operationId, body }) =>
      openObjects(body).map((at) => `${operationId}: ${at}`),
    )
    claims.check('no operation takes a property that it does not know', open.length === 0, open.join(', '))
    const judge = contractOf(document)
    const runs = short ? RUNS.short : RUNS.long
    const fulfilled = new Set<string>()
    let count = 0
    for (const operation of document.operations) {
      const wrong: string[] = []
      for (const caller of tenants.callers) {
        const found = await fuzzOperation(context, { operation, tenants, caller, judge, runs }, (status) => {
          count += 1
          if (status < 300) fulfilled.add(operation.operationId)
        })
        if (found) wrong.push(found)
      }
      claims.check(
        `${operation.operationId}: answers everybody as it says it does`,
        wrong.length === 0,
        wrong.join('\n'),
      )
    }
    const share = fulfilled.size / document.operations.length
    const never = document.operations.map(({ operationId }) => operationId).filter((id) => !fulfilled.has(id))
    const told = `${String(fulfilled.size)} of ${String(document.operations.length)} operations were fulfilled in ${String(count)} requests`
    claims.check(`most requests are close to what is wanted: ${told}`, share > (short ? 0.5 : 0.7), never.join(', '))
    const health = await ask(site.url, { method: 'GET', path: '/health/ready' })
    claims.check('the server is as well as before', health.status === 200, health.text)
  },
}

type Target = {
  operation: Operation
  tenants: Tenants
  caller: Caller
  judge: ReturnType<typeof contractOf>
  runs: number
}

/** @returns the smallest request with which something is wrong, and what it is */
async function fuzzOperation(
  { site, seed }: Context,
  { operation, tenants, caller, judge, runs }: Target,
  onAnswer: (status: number) => void,
): Promise<string | undefined> {
  const options = { mustNotSee: caller.mustNotSee, secrets: site.secrets }
  const property = fc.asyncProperty(requestsOf(operation, tenants), async (made) => {
    const request: Asked = { ...made, headers: { ...caller.headers, ...made.headers } }
    const answer = await ask(site.url, request)
    onAnswer(answer.status)
    const isMeant = isAddressOf(operation, request.path)
    const faults = [...faultsOf(request, answer, options), ...(isMeant ? judge(operation, answer) : [])]
    if (faults.length > 0) throw new Error(faults.join('; '))
  })
  const limits = { interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true }
  const result = await fc.check(property, { seed, numRuns: runs, ...limits })
  if (!result.failed) return undefined
  const [smallest] = result.counterexample ?? []
  const { message } = result.errorInstance instanceof Error ? result.errorInstance : { message: 'it took too long' }
  return `as ${caller.name}: ${message}\n      ${JSON.stringify(smallest).slice(0, 600)}`
}

/** Whether an address still leads to the operation: some are spoiled so that they lead elsewhere. */
function isAddressOf({ path }: Operation, asked: string): boolean {
  const pattern = path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/?]+')
  return new RegExp(`^${pattern}(?:\\?|$)`).test(asked)
}
