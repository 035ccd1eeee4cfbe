import { RemovalPolicy } from 'aws-cdk-lib'
import * as kms from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'

/** A key of an environment for one purpose. It is exchanged every year, and stays when its stack goes. */
export function environmentKey(scope: Construct, config: EnvironmentConfig, purpose: string): kms.Key {
  return new kms.Key(scope, `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}Key`, {
    alias: `alias/${prefixOf(config)}/${purpose}`,
    description: `Slotkeeper ${config.name}: ${purpose}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
}
