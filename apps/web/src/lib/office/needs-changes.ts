import { blankNeed, needName, partName, withoutEmptyThings, type NeedsDraft, type PartDraft } from './needs.ts'

/** A draft after one of the buttons of the editor, and the name of the part or need to go on with. */
export type ChangedNeeds = { draft: NeedsDraft; focus: string }

const NEW_PART_MIN = 30

/**
 * Does what a button of the editor says, without saving: `more`, `part`, `people:0`, `things:0`, `drop:0:1`,
 * `drop-part:1` or `earlier:1`. What it does not know changes nothing.
 * @param lengthMin  how long the appointment lasts that is not in parts yet
 */
export function changedNeeds(draft: NeedsDraft, change: string, lengthMin: number): ChangedNeeds {
  const [what = '', part, need] = change.split(':')
  const at = Number(part ?? 0)
  const parts = draft.isSimple ? draft.parts.map(withoutEmptyThings) : draft.parts
  const of = (changed: PartDraft[], focus: string): ChangedNeeds => ({
    draft: { isSimple: false, parts: changed },
    focus,
  })
  switch (what) {
    case 'more':
      return of(parts, partName(0))
    case 'part':
      return of([...inParts(parts, lengthMin), newPart()], partName(parts.length))
    case 'people':
    case 'things':
      return of(withNeed(parts, at, what), needName(at, parts[at]?.needs.length ?? 0))
    case 'drop':
      return of(withoutNeed(parts, at, Number(need)), partName(at))
    case 'drop-part':
      return of(parts.toSpliced(at, 1), partName(Math.max(0, at - 1)))
    case 'earlier':
      return of(movedEarlier(parts, at), partName(Math.max(0, at - 1)))
    default:
      return { draft, focus: '' }
  }
}

function newPart(): PartDraft {
  return { length: String(NEW_PART_MIN), needs: [blankNeed('provider')] }
}

/** Once there are several parts, each has a length of its own. */
function inParts(parts: PartDraft[], lengthMin: number): PartDraft[] {
  return parts.map((part) => ({ ...part, length: part.length === '' ? String(lengthMin) : part.length }))
}

function withNeed(parts: PartDraft[], at: number, what: 'people' | 'things'): PartDraft[] {
  const added = blankNeed(what === 'people' ? 'provider' : 'resource')
  return parts.map((part, index) => (index === at ? { ...part, needs: [...part.needs, added] } : part))
}

function withoutNeed(parts: PartDraft[], at: number, need: number): PartDraft[] {
  return parts.map((part, index) => (index === at ? { ...part, needs: part.needs.toSpliced(need, 1) } : part))
}

function movedEarlier(parts: PartDraft[], at: number): PartDraft[] {
  const [moved] = parts.slice(at, at + 1)
  return moved && at > 0 ? parts.toSpliced(at, 1).toSpliced(at - 1, 0, moved) : parts
}
