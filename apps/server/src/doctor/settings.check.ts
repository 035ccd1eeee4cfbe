import type { Described } from '../config/describe.ts'
import { failed, ok, type Finding } from '../shared/finding.ts'

/** Every setting by its name; of secrets, only whether they are there. */
export function judgeSettings({ settings }: Pick<Described, 'settings'>): Finding[] {
  return settings.map(({ name, value, problem }) => {
    if (problem === undefined) return ok(`setting ${name}`, value)
    return failed(`setting ${name}`, problem, 'Correct it in the environment; docs/operate/settings.md tells of all.')
  })
}
