import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { synthesised } from '../check/synthesised.ts'
import { ENVIRONMENTS } from '../config.ts'
import { readable } from './readable.ts'

/** What there is of an environment is reviewed here. `npm run test:unit -- deploy/aws/test/snapshots.test.ts -u` writes it anew. */
const fileOf = (environment: string, name: string) => join(import.meta.dirname, 'snapshots', environment, `${name}.txt`)

/** The stacks that know how the application runs. */
const BY_OPTION = ['application', 'observability']

describe.each(ENVIRONMENTS)('%s', async (environment) => {
  const { templates } = await synthesised(environment, 'containers')
  const { templates: asMachines } = await synthesised(environment, 'machines')
  const stacks = Object.keys(templates)

  test.each(stacks)('the stack %s is as it was reviewed', async (stack) => {
    await expect(readable(stack, templates)).toMatchFileSnapshot(fileOf(environment, stack))
  })

  test.each(BY_OPTION)('with machines, the stack %s is as it was reviewed', async (stack) => {
    await expect(readable(stack, asMachines)).toMatchFileSnapshot(fileOf(environment, `${stack}-machines`))
  })

  test('with machines, all other stacks are the same', () => {
    for (const stack of stacks.filter((one) => !BY_OPTION.includes(one)))
      expect(readable(stack, asMachines)).toBe(readable(stack, templates))
  })
})

test('a change that means nothing does not show', () => {
  const template = (id: string, image: string) => ({
    Resources: {
      [id]: { Type: 'AWS::Some::Thing', Properties: { Of: `${image}.zip`, Tags: [{ Key: 'a' }], By: { Ref: id } } },
    },
  })
  const before = readable('one', { one: template('Thing0A1B2C3D', 'a'.repeat(64)) })
  expect(readable('one', { one: template('ThingFFFFFFFF', 'b'.repeat(64)) })).toBe(before)
  expect(before).toBe('AWS::Some::Thing Thing\n  By: <Thing>\n  Of: <hash>.zip\n')
})
