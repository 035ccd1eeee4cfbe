/** Draws strips of time as SVG: bars and starts in rows over one axis. Times are epoch milliseconds, shown as UTC. */

export type Bar = { fromMs: number; toMs: number; kind: 'open' | 'busy' | 'buffer' | 'taken' | 'off'; text?: string }

export type Row = { label: string; bars?: readonly Bar[]; starts?: readonly number[]; text?: string }

export type Picture = {
  /** what a reader who does not see it is told */
  title: string
  fromMs: number
  toMs: number
  /** distance of the marks on the axis */
  everyMs: number
  labelOf: (instantMs: number) => string
  rows: readonly Row[]
}

const WIDTH = 640
const LEFT = 156
const RIGHT = 32
const TOP = 14
const ROW = 38
const BAR = 22

/** Colours with enough contrast on their own ground, in light and in dark. */
const STYLE = `
.ground{fill:#f6f6f2}.text{fill:#1b1f1d}.faint{fill:#555b56}.line{stroke:#d6d6cd}
.open{fill:#bfe3d7}.busy{fill:#d98a7d}.buffer{fill:#efc9c1}.taken{fill:#9db8e8}.off{fill:#dcdcd4}.start{fill:#175e4f}
.in{fill:#1b1f1d}
@media (prefers-color-scheme:dark){.ground{fill:#1d2220}.text{fill:#eef1ec}.faint{fill:#a9b1ab}.line{stroke:#3a423e}
.open{fill:#2f6f5e}.busy{fill:#a8493a}.buffer{fill:#6d362d}.taken{fill:#3d5f9e}.off{fill:#3a423e}.start{fill:#8fd9c3}
.in{fill:#ffffff}}`

export function draw({ title, fromMs, toMs, everyMs, labelOf, rows }: Picture): string {
  const height = TOP + rows.length * ROW + 30
  const x = (ms: number) => LEFT + ((WIDTH - LEFT - RIGHT) * (ms - fromMs)) / (toMs - fromMs)
  const marks: string[] = []
  for (let ms = fromMs; ms <= toMs; ms += everyMs) {
    const at = round(x(ms))
    marks.push(`<line class="line" x1="${at}" x2="${at}" y1="${TOP}" y2="${height - 26}"/>`)
    marks.push(`<text class="faint" x="${at}" y="${height - 9}" text-anchor="middle">${escape(labelOf(ms))}</text>`)
  }
  const lines = rows.map((row, index) => drawRow(row, TOP + index * ROW, x))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, sans-serif" font-size="14">`,
    `<title>${escape(title)}</title><style>${STYLE.replaceAll('\n', '')}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}" rx="12"/>`,
    ...marks,
    ...lines,
    '</svg>\n',
  ].join('\n')
}

function drawRow({ label, bars = [], starts = [], text }: Row, top: number, x: (ms: number) => number): string {
  const middle = top + ROW / 2
  const parts = [`<text class="text" x="14" y="${middle + 5}">${escape(label)}</text>`]
  for (const { fromMs, toMs, kind, text: inside } of bars) {
    const left = x(fromMs)
    const width = x(toMs) - left
    parts.push(
      `<rect class="${kind}" x="${round(left)}" y="${middle - BAR / 2}" width="${round(width)}" height="${BAR}" rx="5"/>`,
    )
    if (inside !== undefined)
      parts.push(
        `<text class="in" x="${round(left + width / 2)}" y="${middle + 5}" text-anchor="middle">${escape(inside)}</text>`,
      )
  }
  for (const startMs of starts)
    parts.push(
      `<rect class="start" x="${round(x(startMs) - 2.5)}" y="${middle - BAR / 2}" width="5" height="${BAR}" rx="2.5"/>`,
    )
  if (text !== undefined) parts.push(`<text class="faint" x="${LEFT}" y="${middle + 5}">${escape(text)}</text>`)
  return parts.join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
