import { isChecked, textOf } from '#lib/ui/form-data.ts'
import type { Service } from './types.ts'

/**
 * What was answered to the questions of a service.
 * @param prefix  of the names of its entries, where a form asks for several services
 */
export function answersOf(
  form: FormData,
  { questions }: Pick<Service, 'questions'>,
  prefix = '',
): Record<string, string | boolean> {
  const answers: Record<string, string | boolean> = {}
  for (const { id, kind } of questions) {
    const name = `answer-${prefix}${id}`
    if (kind === 'checkbox') answers[id] = isChecked(form, name)
    else if (textOf(form, name) !== '') answers[id] = textOf(form, name)
  }
  return answers
}
