import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { expect, test } from 'vitest'
import { CONFIGS } from '../config.ts'
import { addEnvironment } from '../environment.ts'

const template = Template.fromStack(addEnvironment(new App(), CONFIGS.staging, { empty: true }).application)

test('before there is a schema nothing serves, and the task that makes one is there', () => {
  template.resourceCountIs('AWS::ECS::Service', 0)
  template.hasResourceProperties('AWS::ECS::TaskDefinition', { Family: 'slotkeeper-staging-once' })
})

test('outputs tell the release commands what they need, and people which version runs and which ran before', () => {
  const names = Object.keys(template.findOutputs('*'))
  const needed = ['Cluster', 'OnceTask', 'Subnets', 'SecurityGroup', 'RollbackAlarms', 'Repository', 'PublicUrl']
  const told = [...needed, 'Version', 'PreviousVersion', 'Brought'].map((name) => `${name}Output`)
  expect(names).toEqual(expect.arrayContaining(told))
})

test('a version is the only parameter that has no value at first, and none of them takes what is no tag', () => {
  template.hasParameter('Version', { Default: Match.absent() })
  template.hasParameter('PreviousVersion', { Default: 'none' })
  template.hasParameter('Brought', { Default: 'none' })
  const [tag, migrations] = ['Version', 'Brought'].map(
    (name) => template.findParameters(name)[name]?.['AllowedPattern'],
  )
  expect('v1.4.0').toMatch(new RegExp(`^${tag}$`))
  expect('v1; reboot').not.toMatch(new RegExp(`^${tag}$`))
  expect('0002_second,0003_third').toMatch(new RegExp(`^${migrations}$`))
})
