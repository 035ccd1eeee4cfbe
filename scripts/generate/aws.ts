import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { costsPage } from '../../deploy/aws/costs/page.ts'
import { diagramsPage } from '../../deploy/aws/diagrams/page.ts'
import { ROOT } from '../shared/run-command.ts'

// Writes what is computed from the AWS templates: the operators' pages of costs and of diagrams.
await writeFile(join(ROOT, 'docs/operate/aws-costs.md'), await costsPage())
await writeFile(join(ROOT, 'docs/operate/aws-diagrams.md'), await diagramsPage())
