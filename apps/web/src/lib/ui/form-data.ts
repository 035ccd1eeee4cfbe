/** Reads an entry as text without blanks around it; empty when it is not there, or a file. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** Reads all entries of a name as text, in the order of the page. */
export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).flatMap((value) => (typeof value === 'string' ? [value.trim()] : []))
}

/** Reads a whole number. NaN when the entry is none, which the API refuses with the name of the field. */
export function wholeNumberOf(form: FormData, name: string): number {
  return wholeNumber(textOf(form, name))
}

/** Parses a whole number that is not negative; NaN when it is none. */
export function wholeNumber(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

/** Whether a checkbox was ticked. */
export function isChecked(form: FormData, name: string): boolean {
  return form.get(name) !== null
}

/** What was typed, by the name of the entry, to show it again. Of several entries of one name, all. */
export function typedIn(form: FormData): Record<string, string[]> {
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, textsOf(form, name)]))
}
