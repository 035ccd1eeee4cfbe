import { parseArgs } from 'node:util'
import { FAULTS, type Fault } from './faults/faults.ts'

export type Sabotage = 'none' | 'drop-constraint'

export type Options = {
  seconds: number
  seed: number
  clients: number
  faults: Fault[]
  sabotage: Sabotage
}

const HELP = `
Proves that nothing is double-booked, lost, forgotten or told twice, while everything around it fails: many clients do all
that the API offers, against two web processes and two workers over a real PostgreSQL and Redis, whose links are slowed down
and cut, whose processes are killed, and whose clocks go wrong. Afterwards the database and the clients' histories must agree.

  npm run test:integrity -- [options]

  --seconds 600     how long clients are let loose
  --short           40 seconds with 40 clients: the form within npm test
  --seed N          which operations and faults come, and in which order; by default another one every time
  --clients 100     how many clients at once
  --faults all      all, none, or a list: ${FAULTS.map(({ kind }) => kind).join(', ')}
  --sabotage none   drop-constraint takes the database's own guard away: the run must then fail, which shows that it can

A run that fails leaves its history, and the output of the processes, in a folder whose name it prints.
`

const SHORT = { seconds: 40, clients: 40 }
const LONG = { seconds: 600, clients: 100 }

/** Reads the command line; prints the help, or what is wrong with it, and ends the process. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      seed: { type: 'string' },
      clients: { type: 'string' },
      faults: { type: 'string', default: 'all' },
      sabotage: { type: 'string', default: 'none' },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP.trim())
    process.exit(0)
  }
  const form = values.short ? SHORT : LONG
  return {
    seconds: wholeNumber('seconds', values.seconds) ?? form.seconds,
    clients: wholeNumber('clients', values.clients) ?? form.clients,
    seed: wholeNumber('seed', values.seed) ?? Math.floor(Math.random() * 1_000_000),
    faults: chooseFaults(values.faults),
    sabotage: chooseSabotage(values.sabotage),
  }
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  return /^\d{1,9}$/.test(value) ? Number(value) : refuse(`--${name} is a whole number, not ${value}`)
}

function chooseFaults(list: string): Fault[] {
  if (list === 'all') return FAULTS
  if (list === 'none') return []
  return list
    .split(',')
    .map((kind) => FAULTS.find((fault) => fault.kind === kind) ?? refuse(`there is no fault ${kind}; see --help`))
}

function chooseSabotage(name: string): Sabotage {
  return name === 'none' || name === 'drop-constraint' ? name : refuse(`there is no sabotage ${name}; see --help`)
}

function refuse(reason: string): never {
  console.error(reason)
  process.exit(2)
}
