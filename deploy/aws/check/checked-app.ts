import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag'

/** An app whose synthesis fails on any finding of AWS Solutions, of NIST 800-53 R5 or of CloudFormation's own schemas. */
export function checkedApp(): App {
  const app = new App({
    postCliContext: {
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      // A stack cannot take away what another one uses.
      '@aws-cdk/core:defaultCrossStackReferences': 'strong',
    },
  })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app))
  return app
}
