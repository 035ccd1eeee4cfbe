import { checkedApp } from './check/checked-app.ts'
import { ENVIRONMENTS } from './config.ts'
import { addEnvironment, chosen } from './environment.ts'

// The CDK app: all environments, or the one of `-c environment=staging`; `-c option=machines` tries another option.
// `-c empty=true` is for the first time: nothing serves until the database has its schema.
const app = checkedApp()
const text = (key: string) => String(app.node.tryGetContext(key) ?? '')
const environments = text('environment') ? [text('environment')] : ENVIRONMENTS
const empty = text('empty') === 'true'
for (const environment of environments) addEnvironment(app, chosen({ environment, option: text('option') }), { empty })
app.synth()
