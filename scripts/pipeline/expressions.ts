import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** What expressions speak of: github, vars, secrets, inputs, matrix, steps, and the like. What is not in it is empty. */
export type Contexts = Readonly<Record<string, unknown>>

const STATUS = /\b(?:success|failure|always|cancelled)\(/

/** Puts values in the place of all `${{ ... }}` of a value, which YAML may take for a number, as GitHub does. */
export function fillIn(value: string | number | boolean, contexts: Contexts): string {
  return String(value).replaceAll(/\$\{\{(.+?)\}\}/g, (_whole, expression: string) =>
    valueOf(expression, contexts, false),
  )
}

/**
 * Whether a job or a step with this `if` runs. One that asks for no status wants all before it to have succeeded.
 * @param hasFailed  whether a step before it has
 */
export function isRun(condition: string | undefined, contexts: Contexts, hasFailed: boolean): boolean {
  const asked = condition?.replace(/^\$\{\{(.+)\}\}$/, '$1') ?? 'success()'
  const whole = STATUS.test(asked) ? asked : `success() && (${asked})`
  return valueOf(`!(!(${whole}))`, contexts, hasFailed) === 'true'
}

function valueOf(expression: string, contexts: Contexts, hasFailed: boolean): string {
  const status = { success: !hasFailed, failure: hasFailed, always: true, cancelled: false }
  const functions = Object.entries(status).map(([name, is]) => {
    return { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(is) }
  })
  const parsed = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions).parse()
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  const byName = new Map(functions.map((one) => [one.name, one]))
  return new Evaluator(parsed, known, byName).evaluate().coerceString()
}
