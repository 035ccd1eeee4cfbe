import { setTimeout as sleep } from 'node:timers/promises'

/** What works through the queue: it may stop by itself, which its promise tells. */
export type Runner = { promise: Promise<unknown>; stop: () => Promise<void> }

export type KeepRunningOptions = {
  start: () => Promise<Runner>
  /** called when it stopped by itself, or could not be started again */
  onTrouble: (reason: unknown) => void
  pauseMs: number
}

/**
 * Keeps a runner at work: the queue gives up when the database goes away just as it writes down what became of a job, and
 * another runner then takes its place. Without that, the process would live on and do nothing.
 * @throws when the first one cannot be started
 */
export async function keepRunning(options: KeepRunningOptions): Promise<{ stop: () => Promise<void> }> {
  const state = { runner: await options.start(), isStopping: false }
  const kept = keep(state, options)
  return {
    stop: async () => {
      state.isStopping = true
      await state.runner.stop().catch(unlessStopped)
      await kept
    },
  }
}

type State = { runner: Runner; isStopping: boolean }

async function keep(state: State, { start, onTrouble, pauseMs }: KeepRunningOptions): Promise<void> {
  for (;;) {
    const reason = await state.runner.promise.catch((error: unknown) => error)
    if (state.isStopping) return
    onTrouble(reason ?? new Error('the queue stopped by itself'))
    const next = await startAgain(state, { start, onTrouble, pauseMs })
    if (!next) return
    state.runner = next
  }
}

/** @returns undefined when it is not wanted any more */
async function startAgain(
  state: State,
  { start, onTrouble, pauseMs }: KeepRunningOptions,
): Promise<Runner | undefined> {
  while (isWanted(state)) {
    await sleep(pauseMs)
    try {
      const runner = await start()
      if (isWanted(state)) return runner
      await runner.stop()
    } catch (error) {
      onTrouble(error)
    }
  }
  return undefined
}

/** It may change while something else is waited for. */
function isWanted({ isStopping }: State): boolean {
  return !isStopping
}

/** Whoever has stopped by itself cannot be stopped: that is as good. */
function unlessStopped(error: unknown): void {
  if (!(error instanceof Error && error.message.includes('already stopped'))) throw error
}
