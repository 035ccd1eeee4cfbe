import { watch } from 'node:fs/promises'
import { join } from 'node:path'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { stagePages } from './docs/stage.ts'
import { ROOT, runBin } from './shared/run-command.ts'

answerHelp(`
The documentation site, from the same Markdown that stands in the checkout.

  npm run docs         serves it on http://localhost:5173 and shows each change of a page under docs at once
  npm run docs:build   writes it to .site/dist: static files that any web server serves
`)
const show = (chunk: string) => process.stdout.write(chunk)
const isBuild = process.argv[2] === 'build'
await stagePages()
if (!isBuild) void stageChanges()
const { exitCode } = await runBin('vitepress', [isBuild ? 'build' : 'dev', 'docs/site'], { onOutput: show })
process.exitCode = exitCode

async function stageChanges(): Promise<void> {
  for await (const { filename } of watch(join(ROOT, 'docs'), { recursive: true })) {
    if (filename?.endsWith('.md')) await stagePages()
  }
}
