/** Answers --help: prints what a command does, and ends. */
export function answerHelp(text: string, args: readonly string[] = process.argv.slice(2)): void {
  if (!args.includes('--help') && !args.includes('-h')) return
  console.log(text.trim())
  process.exit(0)
}
