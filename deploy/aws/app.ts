import { checkedApp } from './check/checked-app.ts'
import { ENVIRONMENTS } from './config.ts'
import { addEnvironment, chosen } from './environment.ts'

// The CDK app: one environment at a time, `-c environment=staging`, and another option for trying it, `-c option=machines`.
// `-c empty=true` is for the first time: nothing serves until the database has its schema.
const app = checkedApp()
const text = (key: string) => String(app.node.tryGetContext(key) ?? '')
const config = chosen({ environment: text('environment') || ENVIRONMENTS[0], option: text('option') })
addEnvironment(app, config, { empty: text('empty') === 'true' })
app.synth()
