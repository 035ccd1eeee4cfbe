export type GeneratedFiles = {
  /** the npm script that writes them */
  script: string
  /** files, or folders that hold nothing else, relative to the root */
  outputs: string[]
}

/** Files of the repository that a command writes, in the order in which one needs the other. */
export const GENERATED: GeneratedFiles[] = [
  {
    script: 'generate:database',
    outputs: ['apps/server/src/db/schema.generated.ts', 'apps/server/migrations/schema.sql'],
  },
  { script: 'generate:api', outputs: ['packages/client/openapi.json', 'packages/client/src/generated'] },
  { script: 'generate:settings', outputs: ['.env.example', 'docs/operate/settings.md'] },
  { script: 'generate:commands', outputs: ['docs/operate/commands.md'] },
  { script: 'generate:aws', outputs: ['docs/operate/aws-costs.md', 'docs/operate/aws-diagrams.md'] },
  { script: 'generate:dashboards', outputs: ['deploy/monitoring/grafana/dashboards'] },
]
