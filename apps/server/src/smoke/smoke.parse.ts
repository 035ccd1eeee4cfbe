/** What the checks read of the API's answers; everything else in them is left alone. */
export type Service = { id: string; slug: string; name: string }
export type Slots = { days: { slots: { start: string }[] }[]; next?: string | null }

type Page<Item> = { items: Item[] }

export function parseServices(body: string): Service[] {
  return (JSON.parse(body) as Page<Service>).items
}

export function parseSlots(body: string): Slots {
  return JSON.parse(body) as Slots
}

export function parseName(body: string): string {
  return (JSON.parse(body) as { name: string }).name
}

export function parseId(body: string): string {
  return (JSON.parse(body) as { id: string }).id
}

/** The version of the OpenAPI document, and how many addresses it describes. */
export function parseOpenApi(body: string): { openapi: string; paths: number } {
  const { openapi, paths } = JSON.parse(body) as { openapi: string; paths: object }
  return { openapi, paths: Object.keys(paths).length }
}
