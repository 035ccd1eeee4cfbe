/** Waits until the process is asked to end, by SIGTERM or Ctrl-C. */
export async function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  process.once('SIGTERM', resolve)
  process.once('SIGINT', resolve)
  await promise
}
