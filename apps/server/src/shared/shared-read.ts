/**
 * A read that many may share without anybody getting an answer from before they asked: who asks while one is under way
 * waits for the next, together with all others who do. However many ask, at most one read runs at a time.
 */
export class SharedRead<Result> {
  readonly #read: () => Promise<Result>
  #running: Promise<Result> | undefined
  #next: Promise<Result> | undefined

  constructor(read: () => Promise<Result>) {
    this.#read = read
  }

  /** The result of a read that begins after this call. */
  get(): Promise<Result> {
    if (!this.#running) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#startNext(),
      () => this.#startNext(),
    )
    return this.#next
  }

  #startNext(): Promise<Result> {
    this.#next = undefined
    return this.#start()
  }

  #start(): Promise<Result> {
    const running = this.#read().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }
}
