import { m } from '#lib/paraglide/messages.js'
import type { Booking } from './types.ts'

/** Something that members can do with a booking now. */
export type BookingStep = {
  action: 'approve' | 'checkIn' | 'complete' | 'miss' | 'reassign'
  text: string
  kind: 'primary' | 'secondary'
}

/** What can be done with a booking, the likeliest first; declining and cancelling need a reason and stand by themselves. */
export function stepsOf(
  { state, checkedInAt }: Pick<Booking, 'state' | 'checkedInAt'>,
  { hasBegun, isOver }: { hasBegun: boolean; isOver: boolean },
): BookingStep[] {
  const steps: { action: BookingStep['action']; text: string; isPossible: boolean }[] = [
    { action: 'approve', text: m.office_approve(), isPossible: state === 'pending' },
    {
      ...{ action: 'checkIn', text: m.office_check_in() },
      isPossible: state === 'confirmed' && checkedInAt === undefined && !isOver,
    },
    {
      ...{ action: 'complete', text: m.office_mark_kept() },
      isPossible: hasBegun && (state === 'confirmed' || state === 'no_show'),
    },
    {
      ...{ action: 'miss', text: m.office_mark_missed() },
      isPossible: hasBegun && (state === 'confirmed' || state === 'completed'),
    },
    {
      ...{ action: 'reassign', text: m.office_reassign() },
      isPossible: (state === 'confirmed' || state === 'pending') && !hasBegun,
    },
  ]
  return steps
    .filter(({ isPossible }) => isPossible)
    .map(({ action, text }, index) => ({ action, text, kind: index === 0 ? 'primary' : 'secondary' }))
}
