export type Node = { key: string; label: string[]; shape?: 'store' | 'people' }
export type Group = { title: string; nodes: Node[] }
export type Edge = { from: string; to: string; label?: string }

/**
 * A flow chart, from top to bottom. Nodes outside of groups come first. What an edge names must be among the nodes.
 * @throws {Error} when it is not
 */
export function flowChart(outside: Node[], groups: Group[], edges: Edge[]): string {
  const nodes = [...outside, ...groups.flatMap((group) => group.nodes)]
  const idOf = (key: string) => {
    const index = nodes.findIndex((node) => node.key === key)
    if (index === -1) throw new Error(`The diagram has no node ${key}`)
    return `n${index + 1}`
  }
  const drawn = ({ key, label, shape }: Node) => {
    const text = `"${label.join('<br/>')}"`
    const [open, close] = shape === 'store' ? ['[(', ')]'] : shape === 'people' ? ['([', '])'] : ['[', ']']
    return `${idOf(key)}${open}${text}${close}`
  }
  const lines = [
    ...outside.map(drawn),
    ...groups
      .filter((group) => group.nodes.length > 0)
      .flatMap(({ title, nodes: inside }, index) => [
        `subgraph g${index + 1} ["${title}"]`,
        ...inside.map((node) => `  ${drawn(node)}`),
        'end',
      ]),
    ...new Set(edges.map(({ from, to, label }) => `${idOf(from)} -->${label ? `|"${label}"|` : ''} ${idOf(to)}`)),
  ]
  return ['flowchart TB', ...lines.map((line) => `  ${line}`)].join('\n')
}
