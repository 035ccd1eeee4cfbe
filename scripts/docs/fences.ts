/** A block of code in a page of Markdown. */
export type Fence = {
  /** of its opening line, from 1 */
  line: number
  /** the word after the backticks, in small letters; empty when there is none */
  language: string
  /** what follows that word on its line */
  marks: string
  code: string
}

/** How a fence of a shell is to be treated: run, with what it must end and print; or not, and why. */
export type Orders = { run: true; exit: number; prints: string[] } | { run: false; reason: string }

const SHELL = new Set(['sh', 'bash', 'shell', 'zsh', 'console', 'shell-session'])

/** @returns all fences of a page, those in lists as well, without the indentation that they have there */
export function fencesOf(text: string): Fence[] {
  const fences: Fence[] = []
  let open: (Fence & { indent: string; lines: string[] }) | undefined
  for (const [index, line] of text.split('\n').entries()) {
    if (open) {
      if (line.trim() === '```') {
        const { indent: _indent, lines, ...fence } = open
        fences.push({ ...fence, code: lines.join('\n') })
        open = undefined
      } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
      continue
    }
    const [, indent = '', language = '', marks = ''] = /^(\s*)```(\S*)\s*(.*)$/.exec(line) ?? []
    if (line.trimStart().startsWith('```'))
      open = { line: index + 1, language: language.toLowerCase(), marks: marks.trim(), code: '', indent, lines: [] }
  }
  return fences
}

export function isShell({ language }: Fence): boolean {
  return SHELL.has(language)
}

/**
 * Reads what stands after the language: `run`, with `exit="1"` and any number of `prints="..."` if need be; or
 * `not-run="reason"`.
 * @returns undefined when it says neither, both, or something else
 */
export function ordersOf({ marks }: Fence): Orders | undefined {
  const named = [...marks.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => ({ name, value }))
  const [first, ...rest] = named
  if (first?.name === 'not-run' && first.value?.trim() && rest.length === 0) return { run: false, reason: first.value }
  if (first?.name !== 'run' || first.value !== undefined) return undefined
  const orders = { run: true as const, exit: 0, prints: [] as string[] }
  for (const { name, value = '' } of rest) {
    if (name === 'exit' && /^\d+$/.test(value)) orders.exit = Number(value)
    else if (name === 'prints' && value !== '') orders.prints.push(value)
    else return undefined
  }
  return orders
}
