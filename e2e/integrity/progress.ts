import type { Journal } from './journal.ts'

const EVERY_MS = 5_000

/** Tells every few seconds how far it is. @returns what stops it */
export function showProgress({ history, faults }: Journal, endsAtMs: number, say: (line: string) => void): () => void {
  let before = 0
  const timer = setInterval(() => {
    const leftS = Math.max(0, Math.round((endsAtMs - Date.now()) / 1_000))
    const perSecond = Math.round(((history.length - before) * 1_000) / EVERY_MS)
    before = history.length
    const done = history.filter(({ outcome }) => outcome === 'done').length
    const unknown = history.filter(({ outcome }) => outcome === 'unknown').length
    const last = faults.at(-1)?.kind ?? 'none yet'
    say(
      `${leftS} s left: ${history.length} operations (${perSecond}/s), ${done} done, ${unknown} unknown; ${faults.length} faults, last ${last}`,
    )
  }, EVERY_MS)
  return () => clearInterval(timer)
}
