import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { rollBack, rollOut, type Rolled } from './roll-out.ts'

const HELP = `Brings another version to all containers of the Compose set-up, one by one: no request is lost.

  npm run deploy:docker -- --version 1.4.0   rolls it out; goes back by itself when a step fails
  npm run rollback:docker                    brings the version before back, with its settings

  --env-file   the settings; deploy/compose/.env by default
  --project    the name of the Compose project, where it is not "slotkeeper"
  --patience   seconds that a new container may take to get ready; 120 by default
  --despite    what the doctor may find unwell all the same, such as "mail server"; may be given several times
  --json       prints one line of JSON at the end; what happens meanwhile is told on stderr

The schema is brought up before. When the version before comes back, migrations that say "Going back: loses nothing" are
taken back; others stay, as each release runs on the schema of the next. What runs, and what ran before, is kept beside the
settings, in .env.deployment.json, without secrets. Ctrl-C finishes the container that is under way, and goes back.

Exit codes: 0 it runs, 1 it does not and what ran before does, 2 used wrongly.`

const { values } = parseArgs({
  options: {
    version: { type: 'string' },
    back: { type: 'boolean', default: false },
    'env-file': { type: 'string', default: join(import.meta.dirname, '..', 'compose', '.env') },
    project: { type: 'string' },
    patience: { type: 'string', default: '120' },
    despite: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const startMs = performance.now()
const seconds = () => (performance.now() - startMs) / 1_000
const say = (line: string) =>
  (values.json ? console.error : console.log)(`${seconds().toFixed(1).padStart(6)} s  ${line}`)

if (values.help) {
  console.log(HELP)
} else if (values.back === (values.version !== undefined) || !/^[1-9]\d{0,3}$/.test(values.patience)) {
  console.error(`Give either --version or --back, and patience in whole seconds.\n\n${HELP}`)
  process.exitCode = 2
} else {
  await work()
}

async function work(): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopping.abort(new Error('It was told to stop.')))
  try {
    const rolled = await roll(stopping.signal)
    say('done')
    if (values.json) console.log(JSON.stringify({ ok: true, ...rolled, seconds: seconds() }))
  } catch (error) {
    const reasons = error instanceof AggregateError ? error.errors : [error]
    const told = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason)))
    console.error(told.join('\n'))
    if (values.json) console.log(JSON.stringify({ ok: false, errors: told, seconds: seconds() }))
    process.exitCode = 1
  }
}

function roll(signal: AbortSignal): Promise<Rolled> {
  const place = { envFile: resolve(values['env-file']), project: values.project }
  const asked = { ...place, say, signal, patienceMs: Number(values.patience) * 1_000, despite: values.despite }
  return values.version === undefined ? rollBack(asked) : rollOut({ ...asked, version: values.version })
}
