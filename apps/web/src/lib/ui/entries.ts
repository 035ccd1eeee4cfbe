import { getContext, setContext } from 'svelte'

/** What a form action has answered, as far as the entries of its form are concerned. */
export type FormAnswer =
  { message?: string; errors?: Record<string, string>; values?: Record<string, string[]> } | null | undefined

const KEY = Symbol('answer of the form')

/** Lets the entries inside a form know what its action has answered. */
export function provideAnswer(answer: () => FormAnswer): void {
  setContext(KEY, answer)
}

/** What was typed into an entry before, and what is wrong with it; read inside a form. */
export function answerOf(name: () => string): { typed: () => string[] | undefined; error: () => string | undefined } {
  const answer = getContext<(() => FormAnswer) | undefined>(KEY)
  return {
    typed: () => answer?.()?.values?.[name()],
    error: () => answer?.()?.errors?.[name()],
  }
}

/** Whether the form was answered with what was typed: a box that is not in it was not ticked. */
export function wasSent(): () => boolean {
  const answer = getContext<(() => FormAnswer) | undefined>(KEY)
  return () => answer?.()?.values !== undefined
}

/** Everything that is wrong with the entries of the form, by their names. */
export function formErrors(): () => Record<string, string> {
  const answer = getContext<(() => FormAnswer) | undefined>(KEY)
  return () => answer?.()?.errors ?? {}
}
