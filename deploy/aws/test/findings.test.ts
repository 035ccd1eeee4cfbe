import { describe, expect, test } from 'vitest'
import { checkedApp } from '../check/checked-app.ts'
import { ENVIRONMENTS } from '../config.ts'
import { addEnvironment, chosen } from '../environment.ts'

describe.each(ENVIRONMENTS)('%s', (environment) => {
  test.each(['containers', 'machines'])(
    'as %s, no finding of AWS Solutions, NIST 800-53 R5 or CloudFormation is left without a reason, and nothing warns (W5)',
    { timeout: 120_000 },
    (option) => {
      const app = checkedApp()
      addEnvironment(app, chosen({ environment, option }))
      // Throws the report of whatever was found.
      const { stacks } = app.synth()
      expect(stacks.flatMap(({ messages }) => messages.map(({ id, entry }) => [id, entry.data]))).toEqual([])
    },
  )
})
