/** Answers --help: prints what a command does, and ends. */
export function answerHelp(text: string, args: readonly string[] = process.argv.slice(2)): void {
  if (!args.includes('--help') && !args.includes('-h')) return
  process.stdout.write(`${text.trim()}\n`)
  process.exit(0)
}
