import { cp, glob, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, runCommand } from '../shared/run-command.ts'

/** The engine's folder in the repository. */
export const SCHEDULING = 'packages/scheduling'

/** What lies beside the code in the package, and where it comes from. */
const BESIDE = {
  'README.md': `${SCHEDULING}/README.md`,
  'CHANGELOG.md': `${SCHEDULING}/CHANGELOG.md`,
  docs: `${SCHEDULING}/docs`,
  LICENSE: 'LICENSE',
}

type Manifest = {
  name: string
  version: string
  description: string
  keywords: string[]
  license: string
  type: string
  sideEffects: boolean
  engines: Record<string, string>
}

/**
 * Makes the engine's package: JavaScript and types in place of TypeScript, which Node.js does not run from node_modules.
 * @param outDir  emptied first
 * @returns what the compiler has against it; undefined when all went well
 */
export async function buildScheduling(outDir: string): Promise<string | undefined> {
  await rm(outDir, { recursive: true, force: true })
  const project = join(SCHEDULING, 'tsconfig.build.json')
  const { ok, output } = await runCommand('node', [
    'node_modules/typescript/bin/tsc',
    ...['--project', project, '--outDir', outDir],
  ])
  if (!ok) return output
  for await (const file of glob('**/*.d.ts', { cwd: outDir })) await pointAtJavaScript(join(outDir, file))
  for (const [name, source] of Object.entries(BESIDE)) {
    await cp(join(ROOT, source), join(outDir, name), { recursive: true })
  }
  const manifest = JSON.parse(await readFile(join(ROOT, SCHEDULING, 'package.json'), 'utf8')) as Manifest
  await writeFile(join(outDir, 'package.json'), `${JSON.stringify(published(manifest), undefined, 2)}\n`)
  return undefined
}

/** The compiler rewrites the extensions of imports in JavaScript, and leaves them in declarations. */
async function pointAtJavaScript(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replaceAll(/((?:from|import\() ?['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
}

/** What the package says of itself. The workspace's own exports, scripts and tools stay behind. */
function published({ name, version, description, keywords, license, type, sideEffects, engines }: Manifest) {
  const entry = { types: './index.d.ts', default: './index.js' }
  return {
    ...{ name, version, description, keywords, license, type, sideEffects, engines },
    exports: { '.': entry, './package.json': './package.json' },
    files: ['*.js', '*.d.ts', 'docs', 'CHANGELOG.md'],
    publishConfig: { access: 'public' },
  }
}
