import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, FaultContext } from './faults.ts'

/** A fault that struck, and how long it took until it was over. */
export type Struck = { kind: string; fromMs: number; toMs: number }

export type ScheduleOptions = FaultContext & {
  faults: Fault[]
  endsAtMs: number
  /** called with every fault that is over */
  record: (struck: Struck) => void
}

const FIRST_AFTER_MS = 3_000
const PAUSE_MS = { min: 500, max: 4_000 }

/**
 * Strikes with one fault after another, in an order that the seed gives, each of them once before any comes again.
 * Two at a time may be under way, so that they meet each other.
 */
export async function runFaults({ faults, endsAtMs, record, ...context }: ScheduleOptions): Promise<void> {
  if (faults.length === 0) return
  await sleep(FIRST_AFTER_MS)
  const deck = dealer(faults, context.random)
  const busy = new Set<string>()
  const lane = async () => {
    while (Date.now() < endsAtMs) {
      const fault = deck()
      // What is being mended already is left alone.
      if (!busy.has(fault.part)) {
        busy.add(fault.part)
        const fromMs = Date.now()
        await fault.strike(context)
        record({ kind: fault.kind, fromMs, toMs: Date.now() })
        busy.delete(fault.part)
      }
      await sleep(PAUSE_MS.min + context.random() * (PAUSE_MS.max - PAUSE_MS.min))
    }
  }
  await Promise.all([lane(), lane()])
}

/** Deals all of them in a random order, then all of them anew. */
function dealer(faults: Fault[], random: () => number): () => Fault {
  let left: Fault[] = []
  return () => {
    if (left.length === 0) left = [...faults]
    const [fault] = left.splice(Math.floor(random() * left.length), 1)
    if (!fault) throw new Error('there is no fault')
    return fault
  }
}
