/** Numbers below a bound, always the same ones for the same dice. */
export function rollOf(dice: number): (below: number) => number {
  let state = dice >>> 0
  return (below) => {
    // The multiplier and the increment of Numerical Recipes' quick generator.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
