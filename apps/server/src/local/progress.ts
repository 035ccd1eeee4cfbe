export type Progress = {
  /** Says what has just been done, with the seconds since the start. */
  done: (what: string) => void
  /** Says something that needs no time. */
  say: (text: string) => void
  /** seconds since the start, with one decimal */
  seconds: () => string
}

/** Tells a person at a terminal, or a log, how far a start has come: one plain line a step. */
export function createProgress(write: (line: string) => void): Progress {
  const startMs = performance.now()
  const seconds = () => ((performance.now() - startMs) / 1000).toFixed(1)
  return {
    done: (what) => write(`${seconds().padStart(6)} s  ${what}`),
    say: write,
    seconds,
  }
}
