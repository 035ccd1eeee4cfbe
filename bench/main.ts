import { parseArgs } from 'node:util'
import { engineFigures } from './engine-figures.ts'
import { toJsonLine, toTableLine, type Figure } from './figure.ts'
import { httpFigures } from './http-figures.ts'
import { pageFigures } from './page-figures.ts'
import { writeFigures } from './write-figures.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(
    'npm run bench -- [--short] [--json] [--only bookings.single]\n\nMeasures the engine, reading, booking and the pages, each beside a reference of the same run. --only measures those bookings, or those pages, whose names begin so.',
  )
  process.exit(0)
}

const say = (line: string) => console.error(`# ${line}`)
const show = (figures: Figure[]) => {
  for (const figure of figures) console.log(values.json ? toJsonLine(figure) : toTableLine(figure))
}
const pace = { seconds: values.short ? 2 : 4, turns: values.short ? 1 : 2, say }
if (values.only !== undefined) {
  const isOfPages = values.only.startsWith('page')
  show(isOfPages ? await pageFigures() : await writeFigures({ ...pace, only: values.only }))
  process.exit()
}
say('the engine')
show(engineFigures(values.short ? 500 : 5_000))
show(await httpFigures({ seconds: values.short ? 2 : 8, turns: values.short ? 1 : 3, say }))
show(await writeFigures({ ...pace, only: '' }))
say('the pages')
show(await pageFigures())
