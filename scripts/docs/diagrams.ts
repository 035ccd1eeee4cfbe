import { renderMermaidSVG } from 'beautiful-mermaid'

/** Filled in by the site's own colours, light and dark. */
const COLOURS = { bg: 'var(--vp-c-bg)', fg: 'var(--vp-c-text-1)', transparent: true }

/**
 * Draws a diagram as a picture within the page: no script is needed to see it.
 * @param source  Mermaid
 * @param name    said to those who do not see it, and unlike that of any other diagram of the page
 * @throws {Error} when it is not Mermaid as the renderer knows it
 */
export function drawDiagram(source: string, name: string): string {
  const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const svg = renderMermaidSVG(source, COLOURS)
    // Its style sheet would hold for the whole page, and fetches a font: the theme has what of it is needed.
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/\bid="(arrow[^"]*)"/g, `id="${id}-$1"`)
    .replaceAll(/url\(#(arrow[^)]*)\)/g, `url(#${id}-$1)`)
    .replace(/ style="[^"]*"/, '')
    .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(name)}" `)
  return `<figure class="diagram" tabindex="0">${svg.replaceAll('\n', '')}</figure>\n`
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
