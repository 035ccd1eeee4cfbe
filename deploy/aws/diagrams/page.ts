import { synthesised } from '../check/synthesised.ts'
import { CONFIGS, ENVIRONMENTS } from '../config.ts'
import { careDiagram } from './care.ts'
import { trafficDiagram } from './traffic.ts'

/** What is built on AWS, drawn from the templates, as a page of Markdown. */
export async function diagramsPage(): Promise<string> {
  const production = await synthesised('production', CONFIGS.production.option)
  const other = CONFIGS.production.option === 'containers' ? 'machines' : 'containers'
  const drawn = await Promise.all(
    ENVIRONMENTS.map(async (name) => {
      const { option } = CONFIGS[name]
      return section(`${name}, as ${option}`, trafficDiagram(await synthesised(name, option)))
    }),
  )
  const parts = [
    HEAD,
    ...drawn,
    section(`production, as ${other}`, trafficDiagram(await synthesised('production', other))),
    section('What watches and keeps production', careDiagram(production)),
  ]
  return `${parts.join('\n\n')}\n`
}

const HEAD = `# What stands on AWS

_For operators and reviewers._ Drawn from the templates that \`deploy/aws\` makes (\`npm run generate\`): a resource that goes is gone here too, and lines are what templates refer to and what security groups let through. How many there are is what scaling may choose between. See [the guide](aws.md).`

function section(title: string, diagram: string): string {
  return `## ${title}\n\n\`\`\`mermaid\n${diagram}\n\`\`\``
}
