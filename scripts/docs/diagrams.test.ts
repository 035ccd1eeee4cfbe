// @vitest-environment jsdom
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import mermaid from 'mermaid'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../shared/run-command.ts'
import { drawDiagram } from './diagrams.ts'
import { fencesOf } from './fences.ts'
import { findPages } from './pages.ts'

const found: { name: string; source: string }[] = []
for (const { file } of await findPages()) {
  const fences = fencesOf(await readFile(join(ROOT, file), 'utf8')).filter(({ language }) => language === 'mermaid')
  found.push(...fences.map(({ line, code }) => ({ name: `${file}:${line}`, source: code })))
}

test('the architecture is shown by four diagrams: around it, what runs, a booking, where it runs', () => {
  expect(found.filter(({ name }) => name.startsWith('docs/develop/architecture.md'))).toHaveLength(4)
})

describe.each(found)('the diagram $name', ({ source }) => {
  test('is Mermaid, as Mermaid itself reads it', async () => {
    await expect(mermaid.parse(source)).resolves.toMatchObject({ diagramType: expect.any(String) })
  })

  test('is drawn with its texts, a name for those who do not see it, and nothing from elsewhere', () => {
    const picture = drawDiagram(source, 'Diagram: "one" of <them>')
    expect(picture).toContain('aria-label="Diagram: &quot;one&quot; of &lt;them>"')
    expect(picture.match(/<text/g)?.length).toBeGreaterThan(5)
    expect(picture).not.toMatch(/<style|@import|https?:(?!\/\/www\.w3\.org\/2000\/svg)/)
  })
})

test('what is no diagram is refused', async () => {
  await expect(mermaid.parse('flowchart LR\n  a --> --> b')).rejects.toThrow('Parse error')
})
