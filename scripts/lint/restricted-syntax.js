const asksTime = [
  "CallExpression[callee.object.name='Date'][callee.property.name='now']",
  "CallExpression[callee.name='Date']",
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "MemberExpression[object.name='Temporal'][property.name='Now']",
].map((selector) => ({
  selector,
  message: 'Only the clock asks the time (apps/server/src/shared/clock.ts, #lib/time in the web app): pass it in.',
}))

const readsEnvironment = [
  "MemberExpression[object.name='process'][property.name='env']",
  "MemberExpression[object.type='MetaProperty'][property.name='env']",
  "ImportDeclaration[source.value='node:process']",
].map((selector) => ({
  selector,
  message: 'Only apps/server/src/config reads the environment: take the setting from the configuration.',
}))

const formatsDates = [
  'CallExpression[callee.property.name=/^toLocale(?:Date|Time)?String$/]',
  "MemberExpression[object.name='Intl'][property.name='DateTimeFormat']",
].map((selector) => ({
  selector,
  message:
    'Only #lib/time (web) and notifications/format.ts (mail) format a date; numbers go through Intl.NumberFormat.',
}))

const always = [
  {
    selector: 'TSEnumDeclaration',
    message: 'Node.js runs types that can be erased only: use a union or a const object.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
]

const groups = { asksTime, readsEnvironment, formatsDates }

/**
 * The rule for files that may do some of what others may not.
 * @param {(keyof typeof groups)[]} allowed
 */
export function restrictSyntax(...allowed) {
  const denied = Object.entries(groups).flatMap(([name, selectors]) => (allowed.includes(name) ? [] : selectors))
  return { 'no-restricted-syntax': ['error', ...always, ...denied] }
}
