import { synthesised } from '../check/synthesised.ts'
import { CONFIGS, ENVIRONMENTS, type ApplicationOption, type EnvironmentName } from '../config.ts'
import { costsOf, sumOf, usdOf } from './costs.ts'
import { PRICES, SPOT_PART } from './prices.ts'
import type { Cost } from './resources.ts'
import { USAGE, type Usage } from './usage.ts'

const OPTIONS = ['containers', 'machines'] as const

type Environment = { name: EnvironmentName; costs: Record<ApplicationOption, Cost[]> }

/** What every environment costs in a month, as a page of Markdown. */
export async function costsPage(): Promise<string> {
  const environments = await Promise.all(ENVIRONMENTS.map(environmentNamed))
  return `${[...HEAD, ...summary(environments), ...assumptions(), ...environments.flatMap(section)].join('\n')}\n`
}

async function environmentNamed(name: EnvironmentName): Promise<Environment> {
  const costs = async (option: ApplicationOption) =>
    costsOf({ ...CONFIGS[name], option }, await synthesised(name, option), USAGE[name])
  return { name, costs: { containers: await costs('containers'), machines: await costs('machines') } }
}

const HEAD = [
  '# What AWS costs',
  '',
  '_For operators who pay the bill._ Computed from the templates that `deploy/aws` makes, from prices and from what each environment is taken to be used for (`npm run generate`); `npm run aws:costs` prints this page. Change the sizes in `deploy/aws/config.ts`, the use in `deploy/aws/costs/usage.ts`, the prices in `deploy/aws/costs/prices.ts`.',
  '',
  '**The prices are to be checked.** They are public list prices of Frankfurt (`eu-central-1`) in USD, as known in 2025, written down from memory and not looked up. They are without tax, free tiers, discounts for commitment, and support.',
  '',
]

function summary(environments: Environment[]): string[] {
  const rows = environments.map(
    ({ name, costs }) =>
      `| ${name} | ${usd(sumOf(costs.containers), 0)} | ${usd(sumOf(costs.machines), 0)} | ${CONFIGS[name].option} | ${usd(CONFIGS[name].budgetUsd, 0)} |`,
  )
  return [
    '| environment | as containers, a month | as machines, a month | configured | budget |',
    '| --- | --: | --: | --- | --: |',
    ...rows,
    '',
  ]
}

function assumptions(): string[] {
  const uses: [string, (usage: Usage) => string][] = [
    ['requests', ({ requestsMillion }) => `${requestsMillion} million`],
    ['traffic to visitors', ({ trafficGb }) => `${trafficGb} GB`],
    ['traffic to other servers, through NAT', ({ natGb }) => `${natGb} GB`],
    ['logs', ({ logsGb }) => `${logsGb} GB`],
    ['in the database', ({ databaseGb }) => `${databaseGb} GB`],
    ['images kept', ({ imagesGb }) => `${imagesGb} GB`],
    ['files kept: static ones, access logs, the trail', ({ filesGb }) => `${filesGb} GB`],
  ]
  return [
    '## What is assumed',
    '',
    `| in a month | ${ENVIRONMENTS.join(' | ')} |`,
    `| --- |${' --: |'.repeat(ENVIRONMENTS.length)}`,
    ...uses.map(([what, told]) => `| ${what} | ${ENVIRONMENTS.map((name) => told(USAGE[name])).join(' | ')} |`),
    '',
    '- A month has 730 hours. Scaling stays at its least, by day and by night: what load adds comes on top.',
    `- What may be interrupted costs ${SPOT_PART.fargate * 100} % of the price as containers and ${SPOT_PART.ec2 * 100} % as machines. That price moves.`,
    '- Backups of all days together hold twice what the database holds, here and in the other region.',
    '- The load balancer needs one unit of capacity. The hosted zone, mail and support are not counted.',
    '',
  ]
}

function section({ name, costs }: Environment): string[] {
  const configured = CONFIGS[name].option
  const other = OPTIONS.find((option) => option !== configured) ?? configured
  const instead = costs[other].filter((cost) => !costs[configured].some((one) => lineOf(one) === lineOf(cost)))
  return [
    `## ${name}`,
    '',
    ...table(costs[configured], `**as ${configured}**`),
    '',
    `As ${other}, these lines stand in the place of theirs:`,
    '',
    ...table(instead),
    '',
  ]
}

function table(costs: Cost[], total?: string): string[] {
  const lines = costs.toSorted((a, b) => usdOf(b) - usdOf(a)).map(lineOf)
  return [
    '| what | a month | at USD | USD |',
    '| --- | --: | --: | --: |',
    ...lines,
    ...(total ? [`| ${total} | | | **${usd(sumOf(costs), 2)}** |`] : []),
  ]
}

function lineOf(cost: Cost): string {
  const { usd: each, per } = PRICES[cost.price]
  const amount = `${Number(cost.amount.toFixed(1))} ${per}${cost.amount === 1 ? '' : 's'}`.replace('GBs', 'GB')
  const paid = cost.part === 1 ? String(each) : `${each} × ${cost.part * 100} %`
  return `| ${cost.what} | ${amount.replace('millions', 'million')} | ${paid} | ${usd(usdOf(cost), 2)} |`
}

function usd(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
