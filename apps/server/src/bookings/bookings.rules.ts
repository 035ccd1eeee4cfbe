import type { Question } from '../services/services.schemas.ts'
import { invalidField, type FieldError, AppError } from '../shared/app-error.ts'

/** A link works until this long after the appointment. */
const LINK_LIFE_MS = 30 * 86_400_000

const MINUTE_MS = 60_000

export type PolicyFacts = {
  state: string
  startMs: number
  endMs: number
  cancelNoticeMin: number
  rescheduleNoticeMin: number
}

/** Whether the policy still lets the customer cancel, and move, the booking. */
export function customerRights({ state, startMs, cancelNoticeMin, rescheduleNoticeMin }: PolicyFacts, nowMs: number) {
  const active = isActive(state)
  return {
    canCancel: active && nowMs < startMs && nowMs <= startMs - cancelNoticeMin * MINUTE_MS,
    canReschedule: active && nowMs < startMs && nowMs <= startMs - rescheduleNoticeMin * MINUTE_MS,
  }
}

export function isActive(state: string): boolean {
  return state === 'pending' || state === 'confirmed'
}

export function isLinkExpired(endMs: number, nowMs: number): boolean {
  return nowMs > endMs + LINK_LIFE_MS
}

/**
 * The answers to the service's questions, without those to questions it does not ask.
 * @param at  where they stand in the request
 * @throws {AppError} request.invalid naming every question that must be answered otherwise
 */
export function checkAnswers(
  questions: Question[],
  answers: Record<string, string | boolean>,
  at = 'answers',
): Record<string, string | boolean> {
  const errors: FieldError[] = []
  const kept: Record<string, string | boolean> = {}
  for (const question of questions) {
    const answer = answers[question.id]
    const problem = problemOf(question, answer)
    if (problem) errors.push({ field: `${at}.${question.id}`, message: problem })
    else if (answer !== undefined && answer !== '') kept[question.id] = answer
  }
  const unknown = Object.keys(answers).find((id) => !questions.some((question) => question.id === id))
  if (unknown !== undefined) throw invalidField(`${at}.${unknown}`, 'The service does not ask this question.')
  if (errors.length > 0)
    throw new AppError('request.invalid', 'Some questions need another answer.', { fields: errors })
  return kept
}

function problemOf({ kind, required, choices }: Question, answer: string | boolean | undefined): string | undefined {
  const empty = answer === undefined || answer === false || (typeof answer === 'string' && answer.trim() === '')
  if (empty) return required ? 'Please answer this question.' : undefined
  if ((kind === 'checkbox') !== (typeof answer === 'boolean')) return 'This answer has the wrong form.'
  if (kind === 'choice' && !choices?.some((choice) => choice === answer)) return 'Choose one of the answers given.'
  return undefined
}
