import { ErrandError } from './targets.ts'

type Release = { id: string; version: number; status: string; current: boolean; slug: { id: string } | null }

export type HerokuApp = {
  /** of the platform's API, without a slash at its end */
  api: string
  app: string
  key: string
}

/**
 * Brings back what ran before the present release, as `heroku rollback` does.
 * @returns the version that it goes back to, such as `v41`
 * @throws {ErrandError} when there is none before, or the platform refuses
 * @see https://devcenter.heroku.com/articles/platform-api-reference#release-rollback
 */
export async function rollBackHeroku(heroku: HerokuApp): Promise<string> {
  const releases = (await ask(heroku, 'GET')) as Release[]
  const newest = releases.toSorted((one, other) => other.version - one.version)
  const current = newest.find((release) => release.current)
  // A change of settings is a release, too, of the same slug: going back means another one.
  const before = newest.find(
    ({ version, status, slug }) =>
      current && version < current.version && status === 'succeeded' && slug && slug.id !== current.slug?.id,
  )
  if (!before) throw new ErrandError('There is no release to go back to')
  await ask(heroku, 'POST', { release: before.id })
  return `v${before.version}`
}

async function ask({ api, app, key }: HerokuApp, method: 'GET' | 'POST', body?: object): Promise<unknown> {
  const answer = await fetch(`${api}/apps/${app}/releases`, {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${key}`,
      ...(method === 'GET' && { range: 'version ..; order=desc, max=50' }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  // 206: there are older ones than were asked for.
  if (!answer.ok) throw new ErrandError(`Heroku answers ${answer.status}`)
  return answer.json()
}
