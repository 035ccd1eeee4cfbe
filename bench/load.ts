import autocannon from 'autocannon'

export type LoadResult = {
  perSecond: number
  p50Ms: number
  p99Ms: number
  errors: number
  statuses: Record<string, number>
}

export type Load = {
  url: string
  seconds: number
  connections: number
  /** ends it after so many requests, however long they take */
  amount?: number
  /** makes every request anew; without it the address is read */
  request?: () => { path: string; body: object }
}

/** Sends requests over a fixed number of connections, each as soon as the one before is answered. */
export async function applyLoad({ url, seconds, connections, amount, request }: Load): Promise<LoadResult> {
  const result = await autocannon({
    ...{ url, connections, duration: seconds },
    // The certificate that a first start makes: nobody vouches for it.
    ...(url.startsWith('https:') && { tlsOptions: { rejectUnauthorized: false } }),
    ...(amount !== undefined && { amount }),
    ...(request && {
      requests: [
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          setupRequest: (sent) => {
            const { path, body } = request()
            return { ...sent, path, body: JSON.stringify(body) }
          },
        },
      ],
    }),
  })
  const statuses = Object.fromEntries(
    Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count ?? 0]),
  )
  return {
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors,
    statuses,
  }
}

/** Measures two things by turns, so that a machine's moods meet both, and gives the best of each. */
export async function byTurns(turns: number, first: () => Promise<LoadResult>, second: () => Promise<LoadResult>) {
  const firsts: LoadResult[] = []
  const seconds: LoadResult[] = []
  for (let turn = 0; turn < turns; turn++) {
    firsts.push(await first())
    seconds.push(await second())
  }
  return [best(firsts), best(seconds)] as const
}

function best(results: LoadResult[]): LoadResult {
  return results.reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
}
