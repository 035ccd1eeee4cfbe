import { CfnOutput, CfnParameter } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** CloudFormation has no parameters without a value. */
export const NONE = 'none'

const TAG = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}'

/**
 * Which version runs, and what is needed to go back. As parameters of the stack they change with the version, and go back
 * with it when CloudFormation rolls back. Only the release commands change them; outputs show them.
 * @returns the tag of the image that runs
 */
export function addVersions(scope: Construct): string {
  const parameter = (id: string, description: string, more: { allowedPattern: string; default?: string }) => {
    const value = new CfnParameter(scope, id, { description, ...more }).valueAsString
    new CfnOutput(scope, `${id}Output`, { description, value })
    return value
  }
  parameter('PreviousVersion', 'The tag of the image that ran before', { allowedPattern: TAG, default: NONE })
  parameter('Brought', 'The migrations that came with the version', { allowedPattern: '[a-z0-9_,]+', default: NONE })
  return parameter('Version', 'The tag of the image that runs', { allowedPattern: TAG })
}
