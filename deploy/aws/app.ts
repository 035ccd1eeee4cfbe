import { checkedApp } from './check/checked-app.ts'
import { ENVIRONMENTS } from './config.ts'
import { addEnvironment, chosen } from './environment.ts'

// The CDK app: one environment at a time, `-c environment=staging`, and another option for trying it, `-c option=machines`.
const app = checkedApp()
const text = (key: string) => String(app.node.tryGetContext(key) ?? '')
addEnvironment(app, chosen({ environment: text('environment') || ENVIRONMENTS[0], option: text('option') }))
app.synth()
