import type pg from 'pg'
import { failSpan, hasSpan, inSpan, isTracing, SpanKind, startSpan, within } from '../observe/tracing.ts'

/**
 * Makes every statement of a connection a span of what it is part of: with its text, in which values stand as parameters,
 * and without the values. Does nothing while no traces are made.
 */
export function traceStatements(client: pg.ClientBase): void {
  const query: unknown = Reflect.get(client, 'query')
  if (!isTracing() || typeof query !== 'function') return
  const traced = (...args: unknown[]): unknown => {
    const text = textOf(args[0])
    if (text === undefined || !hasSpan()) return Reflect.apply(query, client, args)
    return runTraced(text, args, (given) => Reflect.apply(query, client, given))
  }
  Object.assign(client, { query: traced })
}

/** The statements of a batch as one span: they are sent together. */
export function inBatchSpan<Result>(statements: { name: string; text: string }[], work: () => Promise<Result>) {
  if (!hasSpan()) return work()
  const names = statements.map(({ name }) => name).join(' ')
  const text = statements.map((statement) => statement.text.trim()).join(';\n')
  const attributes = { ...SYSTEM, 'db.operation.name': names, 'db.query.text': text }
  return inSpan('sql batch', { kind: SpanKind.CLIENT, attributes }, work)
}

const SYSTEM = { 'db.system.name': 'postgresql' }

/** What speaks the protocol itself, as a batch, has its own span. */
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query
  if (typeof query !== 'object' || query === null || 'submit' in query) return undefined
  return 'text' in query && typeof query.text === 'string' ? query.text : undefined
}

function runTraced(text: string, args: unknown[], run: (args: unknown[]) => unknown): unknown {
  const [operation = 'statement'] = text.trim().toLowerCase().split(/\s/, 1)
  const attributes = { ...SYSTEM, 'db.operation.name': operation, 'db.query.text': text }
  const started = startSpan(`sql ${operation}`, { kind: SpanKind.CLIENT, attributes })
  if (!started) return run(args)
  const { span } = started
  const end = (error: unknown) => {
    if (error) failSpan(span, error)
    span.end()
  }
  return within(started.within, () => {
    const callback: unknown = args.at(-1)
    if (typeof callback === 'function') {
      const ended = (error: unknown, result: unknown): unknown => {
        end(error)
        return Reflect.apply(callback, undefined, [error, result])
      }
      return run([...args.slice(0, -1), ended])
    }
    const answer = run(args)
    if (answer instanceof Promise) void answer.then(() => end(undefined), end)
    return answer
  })
}
