import type { DestinationStream } from 'pino'

/** Takes what a process logs: all of it as text, and line by line. */
export function logLines(): DestinationStream & { text: () => string; lines: () => Record<string, unknown>[] } {
  const written: string[] = []
  return {
    write: (line: string) => void written.push(line),
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}
