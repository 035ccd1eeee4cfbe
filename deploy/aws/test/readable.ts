import type { Resource, TemplateText } from '../check/synthesised.ts'

/** Of the template of a stack, by the name of the stack. */
type Templates = Record<string, TemplateText>

type Statement = { Effect: string; Action: unknown; Principal?: unknown; Resource?: unknown; Condition?: unknown }

/** Longer texts are programs and dashboards, which have sources and tests of their own. */
const LONGEST = 500
const LONG = '<a long text>'
const WIDTH = 110

/**
 * A template as a person reads it: a resource a paragraph, references by name, policies as sentences. What changes without
 * meaning is left out: hashes in names and of files, tags, metadata.
 */
export function readable(stack: string, templates: Templates): string {
  const fold = folding(exportsOf(templates))
  const { Resources = {} } = templates[stack] ?? {}
  const paragraphs = Object.entries(Resources).map(([id, resource]) => paragraph(nameOf(id), resource, fold))
  return `${paragraphs.sort().join('\n\n')}\n`
}

function paragraph(name: string, resource: Resource, fold: Fold): string {
  const { Type, Properties = {}, DeletionPolicy, DependsOn: _order, ...rest } = resource
  const { Tags: _tags, ...properties } = Properties
  const kept = DeletionPolicy && DeletionPolicy !== 'Delete' ? ` (when deleted: ${DeletionPolicy})` : ''
  const { Metadata: _metadata, UpdateReplacePolicy: _replace, ...policies } = rest as Record<string, unknown>
  const told = Object.entries({ ...properties, ...policies }).sort(([a], [b]) => (a < b ? -1 : 1))
  return [`${Type} ${name}${kept}`, ...told.map(([key, value]) => `  ${key}:${printed(fold(value), '  ')}`)].join('\n')
}

/** On one line where it fits. */
function printed(value: unknown, indent: string): string {
  const line = inline(value)
  if (typeof value !== 'object' || value === null || line.length <= WIDTH) return ` ${line}`
  const deeper = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map((one) => `-${printed(one, deeper)}`)
    : Object.entries(value).map(([key, one]) => `${key}:${printed(one, deeper)}`)
  return lines.map((one) => `\n${deeper}${one}`).join('')
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${inline(one)}`)
    .join(', ')} }`
}

type Fold = (value: unknown) => unknown

/** What CloudFormation's functions come to, as far as a person wants to know. */
const INTRINSICS: Record<string, (what: unknown, fold: Fold, exported: Map<string, string>) => string | undefined> = {
  Ref: (what) => `<${nameOf(String(what))}>`,
  'Fn::GetAtt': (what) => `<${(what as string[]).map(nameOf).join('.')}>`,
  'Fn::ImportValue': (what, _fold, exported) => `<${exported.get(String(what)) ?? String(what)}>`,
  'Fn::Base64': () => LONG,
  'Fn::Join': (what, fold) => {
    const [between, parts] = what as [string, unknown]
    return Array.isArray(parts) ? textOf(parts.map((part) => inline(fold(part))).join(between)) : undefined
  },
}

/** @returns what turns references into names, statements into sentences and long texts into a note that there is one */
function folding(exported: Map<string, string>): Fold {
  const fold = (value: unknown): unknown => {
    if (typeof value === 'string') return textOf(value)
    if (Array.isArray(value)) return value.map(fold)
    if (typeof value !== 'object' || value === null) return value
    if (isStatement(value)) return sentence(value, fold)
    const [[kind, what] = ['', undefined], ...others] = Object.entries(value) as [string, unknown][]
    const said = others.length === 0 ? INTRINSICS[kind]?.(what, fold, exported) : undefined
    if (said !== undefined) return said
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fold(one)]))
  }
  return fold
}

function textOf(text: string): string {
  const plain = text.replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>').replaceAll(/(?<=[a-z])[0-9A-F]{8}\b/g, '')
  return plain.length > LONGEST ? LONG : plain
}

function isStatement(value: object): value is Statement {
  return 'Effect' in value && 'Action' in value
}

function sentence({ Effect, Action, Principal, Resource: on, Condition }: Statement, fold: Fold) {
  const list = (value: unknown) =>
    [value]
      .flat()
      .map((one) => inline(fold(one)))
      .join(', ')
  const who = Principal ? ` to ${inline(fold(Principal))}` : ''
  return `${Effect}${who}: ${list(Action)}${on ? ` on ${list(on)}` : ''}${Condition ? ` if ${inline(fold(Condition))}` : ''}`
}

/** CDK ends the names that it makes with eight digits of a hash. */
function nameOf(id: string): string {
  return id.replaceAll(/[0-9A-F]{8}/g, '')
}

/** What stacks give to others, as `stack.resource.attribute`. */
function exportsOf(templates: Templates): Map<string, string> {
  const fold = folding(new Map())
  const all = Object.entries(templates).flatMap(([stack, { Outputs = {} }]) =>
    Object.values(Outputs).map(({ Export, Value }) => [Export?.Name, `${stack}.${inline(fold(Value))}`] as const),
  )
  return new Map(all.flatMap(([name, value]) => (name ? [[name, value.replaceAll(/[<>]/g, '')]] : [])))
}
