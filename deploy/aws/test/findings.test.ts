import { describe, expect, test } from 'vitest'
import { synthesised } from '../check/synthesised.ts'
import { ENVIRONMENTS } from '../config.ts'

describe.each(ENVIRONMENTS)('%s', (environment) => {
  test.each(['containers', 'machines'] as const)(
    'as %s, no finding of AWS Solutions, NIST 800-53 R5 or CloudFormation is left without a reason, and nothing warns (W5)',
    { timeout: 120_000 },
    async (option) => {
      // Throws the report of whatever was found.
      expect((await synthesised(environment, option)).messages).toEqual([])
    },
  )
})
