import { ask } from './ask.ts'

/** A business with so many free times that nobody is ever refused. */
export type Shop = { slug: string; providers: string[]; next: () => { start: string; provider: string } }

const PASSWORD = 'correct horse battery'
const FIRST_HOUR = 6
const HALVES = 24

/** Signs somebody up, and sets a business up through the API, as its owner would. */
export async function openShop(url: string, slug: string, people: number): Promise<Shop> {
  const signUp = { name: 'The owner', email: `owner-${slug}@example.com`, password: PASSWORD }
  const signed = await ask(`${url}/api/auth/sign-up/email`, { method: 'POST', headers: { origin: url }, body: signUp })
  if (signed.status !== 200) throw new Error(`signing up answered ${signed.status}: ${signed.body}`)
  const cookies = [signed.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0])
  const headers = { cookie: cookies.join('; '), origin: url }
  const make = async (path: string, body: object): Promise<string> => {
    const made = await ask(`${url}/api/v1${path}`, { method: 'POST', headers, body })
    if (made.status !== 201) throw new Error(`${path} answered ${made.status}: ${made.body}`)
    return (JSON.parse(made.body) as { id: string }).id
  }
  await make('/organizations', { slug, name: 'The shop', timeZone: 'UTC', locale: 'en', currency: 'EUR' })
  const base = `/organizations/${slug}`
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMin: 360, endMin: 1080 }))
  const scheduleId = await make(`${base}/schedules`, { name: 'Every day', timeZone: 'UTC', weekly })
  const providers: string[] = []
  for (let number = 1; number <= people; number++)
    providers.push(await make(`${base}/providers`, { name: `Provider ${number}`, scheduleId }))
  await make(`${base}/services`, {
    ...{ slug: 'half', name: 'Half an hour', durationsMin: [30], stepMin: 30, windowDays: 365, providers },
  })
  let asked = 0
  return {
    ...{ slug, providers },
    next: () => {
      const at = asked++
      const half = Math.floor(at / people)
      const day = Temporal.Now.plainDateISO('UTC').add({ days: 2 + Math.floor(half / HALVES) })
      const time = Temporal.PlainTime.from({ hour: FIRST_HOUR }).add({ minutes: (half % HALVES) * 30 })
      return {
        start: `${day.toString()}T${time.toString({ smallestUnit: 'minute' })}:00Z`,
        provider: providers[at % people] ?? '',
      }
    },
  }
}
