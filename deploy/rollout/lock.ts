import { open, rm } from 'node:fs/promises'

/** One at a time: two that replace the same containers would take each other's for old. */
export async function alone<Result>(envFile: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${envFile}.lock`
  const held = await open(lock, 'wx').catch((cause: unknown) => {
    throw new Error(`Another roll out is under way, or has ended half way. If none runs, delete ${lock}.`, { cause })
  })
  try {
    return await work()
  } finally {
    await held.close()
    await rm(lock)
  }
}
