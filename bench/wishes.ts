/** What a client asks to book. */
export type Wish = { service: string; start: string; provider: string; customer: { name: string; email: string } }
export type Wishes = { next: () => Wish }

/**
 * Starts that nobody has taken yet: half an hour each, provider by provider, from the day after tomorrow on.
 * @param seats  how many people take each of them
 */
export function freeStarts(providers: string[], service: string, seats = 1): Wishes {
  let asked = 0
  return {
    next() {
      const at = Math.floor(asked / seats)
      const half = Math.floor(at / providers.length)
      // Twenty half hours of a day that are within the hours in summer and in winter.
      const time = `${String(8 + Math.floor((half % 20) / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`
      asked += 1
      return {
        ...{ service, provider: providers[at % providers.length] ?? '' },
        start: `${day(2 + Math.floor(half / 20))}T${time}:00Z`,
        customer: { name: 'A client', email: `client${asked % 500}@example.com` },
      }
    },
  }
}

/** The date so many days from now, where the business is. */
export function day(ahead: number): string {
  return Temporal.Now.plainDateISO('Europe/Berlin').add({ days: ahead }).toString()
}
