/** How a command ends, beside 2, which tells that it was used wrongly. */
export const EXIT = {
  done: 0,
  /** what ran before runs */
  refused: 1,
  /** the new version was there, did not serve, and the one before is back */
  broughtBack: 3,
  /** neither: a person must look */
  stuck: 4,
} as const

/** A release that did not come about, in words for whoever runs it. */
export class NoRelease extends Error {
  override name = 'NoRelease'
  readonly exitCode: number
  constructor(message: string, exitCode: number = EXIT.refused) {
    super(message)
    this.exitCode = exitCode
  }
}
