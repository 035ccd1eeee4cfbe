/** Waits until something holds, for as long as a slow machine may need. */
export async function until(holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  for (let tries = 0; tries < seconds * 2; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`it did not come about within ${seconds} seconds`)
}
