/** Where a command tells what it does: its result on standard output, the way to it on standard error. */
export type Output = {
  /** what is being done, for people who wait */
  progress: (line: string) => void
  /** the result, once: as JSON where that is asked for, as text elsewhere */
  tell: (result: unknown, text: string) => void
}

export function createOutput(isJson: boolean): Output {
  return {
    progress: (line) => void process.stderr.write(`${line}\n`),
    tell: (result, text) => void process.stdout.write(`${isJson ? JSON.stringify(result) : text}\n`),
  }
}
