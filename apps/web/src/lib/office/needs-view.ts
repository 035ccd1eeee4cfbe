import { m } from '#lib/paraglide/messages.js'
import { lengthText } from '#lib/time/format.ts'
import { wholeNumber } from '#lib/ui/form-data.ts'
import { draftOf, isSimple, type NeedDraft, type NeedsDraft } from './needs.ts'
import type { Requirements } from './types.ts'

/** The picture of an appointment: its parts side by side, and who and what is in each. */
export type NeedsView = {
  parts: { label: string; span: number; needs: { kind: NeedDraft['kind']; text: string }[] }[]
  /** how long the parts are together; null where there is one, as long as the appointment */
  total: string | null
}

/** Columns of the picture. */
export const PICTURE_COLUMNS = 24
/** A part of a few minutes can still be seen. */
const LEAST_COLUMNS = 3

/** What a service needs, where that is more than one person and one thing; null where its form can say it. */
export function needsBeyondForm(
  requirements: Requirements,
  named: readonly { id: string; name: string }[],
  locale: string,
): NeedsView | null {
  if (isSimple(requirements)) return null
  return needsView(draftOf(requirements), new Map(named.map(({ id, name }) => [id, name])), locale)
}

/** Lays out what a service needs. */
export function needsView(draft: NeedsDraft, names: ReadonlyMap<string, string>, locale: string): NeedsView {
  const lengths = draft.parts.map(({ length }) => wholeNumber(length) || 0)
  const spans = spansOf(lengths)
  const isWhole = draft.parts.length === 1
  return {
    parts: draft.parts.map(({ needs }, index) => ({
      label: isWhole ? m.office_needs_whole() : lengthText(lengths[index] ?? 0, locale),
      span: spans[index] ?? PICTURE_COLUMNS,
      needs: needs
        .filter(({ subjects }) => subjects.length > 0 || !draft.isSimple)
        .map((need) => ({ kind: need.kind, text: needText(need, names, locale) })),
    })),
    total: isWhole ? null : lengthText(sumOf(lengths), locale),
  }
}

/** How many columns of the picture each part takes: in proportion to its length, and together all. */
export function spansOf(lengths: readonly number[]): number[] {
  const total = lengths.reduce((sum, length) => sum + length, 0) || 1
  const spans = lengths.map((length) => Math.max(LEAST_COLUMNS, Math.round((length / total) * PICTURE_COLUMNS)))
  // What rounding, and parts that are shown wider than they are, have added or taken, the longest make good.
  for (let extra = sumOf(spans) - PICTURE_COLUMNS; extra !== 0; extra -= Math.sign(extra)) {
    const longest = spans.indexOf(Math.max(...spans))
    spans[longest] = (spans[longest] ?? 0) - Math.sign(extra)
  }
  return spans
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** `Ada or Ben`, `Ada and Ben`, `2 of Ada, Ben and Cleo` */
function needText({ kind, count, assign, subjects }: NeedDraft, names: ReadonlyMap<string, string>, locale: string) {
  const named = subjects.map(({ id }) => names.get(id) ?? '?')
  if (named.length === 0) return kind === 'provider' ? m.office_needs_nobody() : m.office_needs_nothing()
  const needed = wholeNumber(count)
  const list = (type: 'conjunction' | 'disjunction') => new Intl.ListFormat(locale, { type }).format(named)
  const some = () => m.office_needs_some_of({ count: needed, names: list('conjunction') })
  const choice = needed === 1 ? list('disjunction') : some()
  const who = needed === named.length ? list('conjunction') : choice
  return assign === 'by_turn' && named.length > needed ? m.office_needs_in_turns({ who }) : who
}
