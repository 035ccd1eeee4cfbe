import { measure } from '../packages/scheduling/bench/measure.ts'
import { engineSubjects } from '../packages/scheduling/bench/subjects.ts'
import { figure, type Figure } from './figure.ts'

/** The engine over its own workloads; see `npm run bench -w @slotkeeper/scheduling` for how its time grows. */
export function engineFigures(rounds: number): Figure[] {
  return engineSubjects().map((subject) => {
    const { name, medianUs: value, referenceUs: referenceValue, targetUs } = measure(subject, rounds)
    return figure({
      ...{ name, value, unit: 'µs', reference: 'a plain typed-array loop', referenceValue },
      ...{ target: `at most ${targetUs} µs`, reached: () => value <= targetUs },
    })
  })
}
