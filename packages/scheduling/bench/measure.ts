/** What to measure, and beside what. */
export type Subject = {
  /** stable, such as engine.a.warm */
  name: string
  targetUs: number
  work: () => unknown
  reference: () => unknown
}

/** Times in microseconds. */
export type Measured = { name: string; targetUs: number; medianUs: number; p99Us: number; referenceUs: number }

/** A subject is measured for so long at most. */
const BUDGET_MS = 1_500

/** Measures a subject and its reference by turns, so that what slows the machine slows both. */
export function measure({ name, targetUs, work, reference }: Subject, rounds: number): Measured {
  for (let round = 0; round < Math.min(rounds / 4, 300); round++) {
    work()
    reference()
  }
  const times: number[] = []
  const references: number[] = []
  const startMs = performance.now()
  for (let round = 0; round < rounds && performance.now() - startMs < BUDGET_MS; round++) {
    times.push(timeUs(work))
    references.push(timeUs(reference))
  }
  return {
    ...{ name, targetUs, medianUs: quantile(times, 0.5), p99Us: quantile(times, 0.99) },
    referenceUs: quantile(references, 0.5),
  }
}

/** The median time of a function, in microseconds. */
export function medianUs(work: () => unknown, rounds: number): number {
  for (let round = 0; round < rounds / 2; round++) work()
  return quantile(
    Array.from({ length: rounds }, () => timeUs(work)),
    0.5,
  )
}

/** How time grows with size: the exponent e of size^e, by least squares over the logarithms. */
export function exponentOf(points: readonly { size: number; timeUs: number }[]): number {
  const logs = points.map(({ size, timeUs: time }) => [Math.log(size), Math.log(time)] as const)
  const mean = (at: 0 | 1) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length
  const [meanX, meanY] = [mean(0), mean(1)]
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}

function quantile(values: number[], part: number): number {
  return values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0
}

function timeUs(work: () => unknown): number {
  const startMs = performance.now()
  work()
  return (performance.now() - startMs) * 1000
}
