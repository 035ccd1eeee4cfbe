import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag'
import { ENVIRONMENTS } from './config.ts'
import { addEnvironment, chosen } from './environment.ts'

// The CDK app: one environment at a time, `-c environment=staging`, and another option for trying it, `-c option=machines`.
const app = new App()
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app))
const text = (key: string) => String(app.node.tryGetContext(key) ?? '')
addEnvironment(app, chosen({ environment: text('environment') || ENVIRONMENTS[0], option: text('option') }))
app.synth()
