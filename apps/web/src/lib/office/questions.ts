import { slugFrom } from './slug.ts'
import type { Question } from './types.ts'

/** A question of a service, as typed; without a label it is none. */
export type QuestionRow = { id: string; label: string; kind: string; required: boolean; choices: string }

export const QUESTION_KINDS: readonly Question['kind'][] = ['text', 'long_text', 'choice', 'checkbox']

/** What the editor shows for the questions of a service. */
export function questionRows(questions: readonly Question[]): QuestionRow[] {
  return questions.map(({ id, label, kind, required, choices = [] }) => ({
    id,
    label,
    kind,
    required,
    choices: choices.join('\n'),
  }))
}

/** What was typed into the editor: `question-0-label`, `question-0-kind`, ... Rows without a label are left out. */
export function readQuestionRows(form: FormData): QuestionRow[] {
  const rows: QuestionRow[] = []
  for (let index = 0; form.has(`question-${index}-label`); index++) {
    const read = (part: string) => {
      const value = form.get(`question-${index}-${part}`)
      return typeof value === 'string' ? value.trim() : ''
    }
    const row = { id: read('id'), label: read('label'), kind: read('kind'), choices: read('choices') }
    if (row.label !== '') rows.push({ ...row, required: form.has(`question-${index}-required`) })
  }
  return rows
}

/** The questions that the rows describe. A new one is named after its label, once: answers stay with its name. */
export function questionsOf(rows: readonly QuestionRow[]): Question[] {
  const taken = new Set(rows.map((row) => row.id).filter((id) => id !== ''))
  return rows.map((row) => {
    const kind = QUESTION_KINDS.find((name) => name === row.kind) ?? 'text'
    const id = row.id === '' ? freeId(row.label, taken) : row.id
    taken.add(id)
    const question = { id, label: row.label, kind, required: row.required }
    return kind === 'choice' ? { ...question, choices: linesOf(row.choices) } : question
  })
}

function freeId(label: string, taken: ReadonlySet<string>): string {
  const base = slugFrom(label).replaceAll('-', '_').slice(0, 30) || 'question'
  let id = base
  for (let number = 2; taken.has(id); number++) id = `${base}_${number}`
  return id
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return [...new Set(lines.filter((line) => line !== ''))]
}
