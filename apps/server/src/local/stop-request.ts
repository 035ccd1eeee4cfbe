/** A terminal's Ctrl-C arrives twice when npm passes it on: only a later one is meant as "now!". */
const IMPATIENT_AFTER_MS = 1500

/** How often it is looked whether npm, which has started us, is still there. */
const PARENT_CHECK_MS = 250

/**
 * Waits for the wish to stop: SIGINT, SIGTERM, SIGHUP, or the end of the npm that started us (which, killed hard, cannot
 * pass anything on, and would leave a server nobody knows of). A second signal, some seconds later, ends the process at once.
 * @returns aborted when the stop is wished; others may wish it, too
 */
export function stopRequest(env: NodeJS.ProcessEnv): AbortController {
  const controller = new AbortController()
  let firstMs: number | undefined
  const request = () => {
    controller.abort()
    firstMs ??= performance.now()
    if (performance.now() - firstMs > IMPATIENT_AFTER_MS) process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request)
  if (env['npm_lifecycle_event'] !== undefined) watchParent(() => controller.abort())
  return controller
}

function watchParent(onGone: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, PARENT_CHECK_MS)
  timer.unref()
}
