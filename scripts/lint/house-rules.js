import { basename } from 'node:path'

/** What is left to do names the open issue, so that it can be found, and closed. */
const todoNamesIssue = {
  meta: { type: 'suggestion', schema: [], messages: { missing: 'Name the open issue: TODO(#123): ...' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (/\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\):)/.test(comment.value)) {
            context.report({ loc: comment.loc, messageId: 'missing' })
          }
        }
      },
    }
  },
}

/** Files are kebab-case with role suffixes (`bookings.service.db.test.ts`), components PascalCase, routes SvelteKit's. */
const fileNameCase = {
  meta: { type: 'suggestion', schema: [], messages: { wrong: 'Rename {{name}}: {{expected}}.' } },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename)
        const isComponent = name.endsWith('.svelte') && !name.startsWith('+')
        const pattern = isComponent ? /^[A-Z][A-Za-z0-9]*\.svelte$/ : /^[.+]?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/
        const expected = isComponent ? 'components are PascalCase.svelte' : 'files are kebab-case'
        if (!pattern.test(name) && !/^\+(?:page|layout)@/.test(name)) {
          context.report({ node, loc: { line: 1, column: 0 }, messageId: 'wrong', data: { name, expected } })
        }
      },
    }
  },
}

export const houseRules = { rules: { 'todo-names-issue': todoNamesIssue, 'file-name-case': fileNameCase } }
