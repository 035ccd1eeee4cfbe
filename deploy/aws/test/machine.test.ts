import { describe, expect, test } from 'vitest'
import { ENVIRONMENTS } from '../config.ts'
import { deployed } from './deployed.ts'

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const MOST_BYTES = 16_384

describe.each(ENVIRONMENTS)('%s', (environment) => {
  const { userData, logGroups } = deployed(environment, 'machines')

  test('a machine gets user data that EC2 takes and cloud-init runs', () => {
    expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(MOST_BYTES)
    // Whatever does not begin so is no program to the kernel.
    expect(userData.slice(0, 12)).toBe('#!/bin/bash\n')
  })

  test('CloudFormation is told by the program where Amazon Linux has it', () => {
    expect(userData).toContain("trap '/opt/aws/bin/cfn-signal --exit-code $? ")
  })

  test('what a machine logs goes to the groups that are there', () => {
    const prefix = /^LOG_PREFIX='(.*)'$/m.exec(userData)?.[1]
    expect(userData).toContain(
      '--log-driver awslogs --log-opt awslogs-region=$REGION --log-opt awslogs-group=$LOG_PREFIX/$role',
    )
    for (const role of ['web', 'worker']) expect(logGroups).toContain(`${prefix}/${role}`)
  })

  test('no secret is handed to Docker as a part of an environment', () => {
    expect(userData).not.toMatch(/-e (APP_SECRET|CACHE_PASSWORD|APPLICATION_SECRET)/)
  })
})
