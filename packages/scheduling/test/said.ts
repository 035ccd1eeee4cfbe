import { expect } from 'vitest'

/** A RangeError that says something. */
export const SAID: Error = expect.objectContaining({
  name: 'RangeError',
  message: expect.stringMatching(/\w \w/) as unknown,
}) as Error
