import { parseArgs } from 'node:util'
import { findSlots } from '../src/index.ts'
import { exponentOf, measure, medianUs, type Measured } from './measure.ts'
import { engineSubjects } from './subjects.ts'
import { anyOf, type Size } from './workloads.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(
    `npm run bench -- [--short] [--json]

Measures the engine over reference workloads, beside a plain loop that knows only hours and busy times, and how its time
grows with days, busy times and providers. With --json, one line a figure; --short takes fewer rounds.`,
  )
  process.exit(0)
}

const rounds = values.short ? 300 : 4_000
const say = (line: string) => console.error(`# ${line}`)

const show = ({ name, targetUs, medianUs: median, p99Us, referenceUs }: Measured) => {
  const ratio = median / referenceUs
  const round = (value: number) => Number(value.toPrecision(3))
  if (values.json) {
    const figure = { name, value: round(median), unit: 'µs', reference: round(referenceUs), ratio: round(ratio) }
    console.log(JSON.stringify(figure))
    return
  }
  const columns = [
    name.padEnd(22),
    `median ${round(median)} µs`.padStart(18),
    `p99 ${round(p99Us)} µs`.padStart(16),
    `plain loop ${round(referenceUs)} µs`.padStart(22),
    `ratio ${round(ratio)}`.padStart(12),
  ]
  console.log(`${columns.join('  ')}  ${median <= targetUs ? 'reached' : 'MISSED '}  at most ${targetUs} µs`)
}

say(`each figure takes up to 2 seconds; Node.js ${process.versions.node}`)
for (const subject of engineSubjects()) show(measure(subject, rounds))

/** An exponent of 1 is linear growth. */
const LINEAR = 1.1
const BASE: Size = { days: 60, providers: 50, busy: 120 }
const growths: [string, number[], (size: number) => Size][] = [
  ['days', [30, 60, 120, 240, 480], (days) => ({ ...BASE, days })],
  ['busy times', [60, 120, 240, 480, 960, 1920, 3840], (busy) => ({ ...BASE, busy })],
  ['providers', [25, 50, 100, 200, 400, 800], (providers) => ({ ...BASE, providers })],
]
say('how time grows')
for (const [name, sizes, sizeOf] of growths) {
  const points = sizes.map((size) => {
    const query = anyOf(sizeOf(size))
    return { size, timeUs: medianUs(() => findSlots(query), values.short ? 15 : 60) }
  })
  const exponent = exponentOf(points)
  const figure = `engine.growth.${name.replace(' ', '.')}`
  if (values.json) {
    const value = Number(exponent.toPrecision(3))
    console.log(JSON.stringify({ name: figure, value, unit: 'exponent', reference: 1, ratio: value }))
    continue
  }
  const steps = points.map(({ size, timeUs }) => `${size}: ${timeUs.toFixed(0)}`).join(', ')
  const verdict = exponent <= LINEAR ? 'reached' : 'MISSED '
  console.log(`${figure.padEnd(22)}  exponent ${exponent.toFixed(2)}  ${verdict}  at most ${LINEAR}; µs for ${steps}`)
}
