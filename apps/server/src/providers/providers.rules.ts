/** Told apart at a glance in a calendar, on light and on dark ground. */
const COLOURS = ['#2f6f5e', '#3f5fa8', '#a8553f', '#7a4fa0', '#8a6a1f', '#2f7f95', '#a0457a', '#5f7a2f'] as const

/** A colour for the next provider that no provider just before has. */
export function colourFor(providersBefore: number): string {
  return COLOURS[providersBefore % COLOURS.length] ?? COLOURS[0]
}
