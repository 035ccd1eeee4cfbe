import type { Synthesised } from '../check/synthesised.ts'

/** A resource with the name of its stack, and what it refers to. */
export type Found = { key: string; stack: string; properties: Record<string, unknown> }

export type Graph = {
  all: (type: string) => Found[]
  /** @returns the keys of the resources that a value of a stack names, in that stack or by what another one exports */
  references: (stack: string, value: unknown) => string[]
}

/** The resources of all templates of an environment, and how they hang together. */
export function graphOf({ templates }: Pick<Synthesised, 'templates'>): Graph {
  const exported = new Map<string, string>()
  for (const [stack, { Outputs = {} }] of Object.entries(templates)) {
    for (const { Export, Value } of Object.values(Outputs)) {
      const [id] = namesIn(Value)
      if (Export && id !== undefined) exported.set(Export.Name, `${stack}/${id}`)
    }
  }
  return {
    all: (type) =>
      Object.entries(templates).flatMap(([stack, { Resources }]) =>
        Object.entries(Resources)
          .filter(([, { Type }]) => Type === type)
          .map(([id, { Properties = {} }]) => ({ key: `${stack}/${id}`, stack, properties: Properties })),
      ),
    references: (stack, value) => namesIn(value).map((name) => exported.get(name) ?? `${stack}/${name}`),
  }
}

/** Names of resources and of exports, wherever they stand in a value. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, what]): string[] => {
    if (key === 'Ref' || key === 'Fn::ImportValue') return [String(what)]
    if (key === 'Fn::GetAtt') return [String((what as unknown[])[0])]
    return namesIn(what)
  })
}
