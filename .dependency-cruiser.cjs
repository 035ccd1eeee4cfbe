// The layers of docs/develop/architecture.md, held by a tool: imports run one way, type imports included.

/** Folders of the server that are no features: what features stand on, and what puts them together. */
const ground = 'config|db|observe|shared'
const composition = 'http|jobs|local|commands|doctor'
const feature = `^apps/server/src/(?!(?:${ground}|${composition})/)([^/]+)/`
const test = '\\.(?:test|fixture)\\.ts$|^apps/server/test/'

/** A role of a feature's files, and the roles it must not import, in its own feature or any other. */
function role(name, forbidden, comment) {
  return {
    name: `${name}-imports`,
    comment,
    severity: 'error',
    from: { path: `^apps/server/src/.*\\.${name}\\.ts$` },
    to: { path: `^apps/server/src/.*\\.(?:${forbidden})\\.ts$` },
  }
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'A cycle makes two files one: move what both need into a third.',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^\\$(?:app|env|service-worker)', '/paraglide/', '^\\./\\$types'] },
    },
    {
      name: 'no-barrel',
      comment: 'Only a package has an entry file that re-exports.',
      severity: 'error',
      from: { path: '(?:^|/)index\\.(?:ts|js)$', pathNot: '^packages/[^/]+/src/index\\.ts$|/generated/' },
      to: {},
    },
    {
      name: 'engine-is-alone',
      comment: 'The engine is pure: no clock, no I/O, no dependencies.',
      severity: 'error',
      from: { path: '^packages/scheduling/', pathNot: '\\.test\\.ts$|/(?:test|fixtures|bench|pictures)/' },
      to: { pathNot: '^packages/scheduling/' },
    },
    {
      name: 'client-is-alone',
      comment: 'The API client is for everybody: it knows nothing of the server.',
      severity: 'error',
      from: { path: '^packages/client/' },
      to: { path: '^(?:apps|packages/scheduling)/' },
    },
    {
      name: 'web-through-the-client',
      comment: 'The web app sees the server through @slotkeeper/client alone.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^apps/server/' },
    },
    {
      name: 'server-knows-no-web',
      comment: 'The server mounts the built web app at run time.',
      severity: 'error',
      from: { path: '^(?:apps/server|packages)/' },
      to: { path: '^apps/web/' },
    },
    role('routes', 'queries|rules', 'A route parses, calls one service function and shapes the answer.'),
    role('jobs', 'queries|rules|routes', 'A job is an entry like a route: it calls a service.'),
    role('service', 'routes', 'Services know nothing of HTTP.'),
    role('queries', 'routes|service|rules|jobs', 'Queries are SQL only: rows in, rows out.'),
    role('schemas', 'routes|service|queries|rules|jobs', 'Schemas describe what goes over the wire.'),
    role('errors', 'routes|service|queries|rules|jobs', 'Errors are the closed list of outcomes.'),
    role('rules', 'routes|service|queries|jobs', 'Rules decide over what they are given.'),
    {
      name: 'rules-are-pure',
      comment: 'Rules do no I/O: what they need is passed in.',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: { path: '^apps/server/src/(?:db|http|jobs|config|local)/' },
    },
    {
      name: 'rules-use-no-builtin',
      comment: 'Rules do no I/O: what they need is passed in.',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sql-in-queries',
      comment: 'SQL stands in *.queries.ts and in db/ only.',
      severity: 'error',
      from: {
        path: '^apps/server/src/',
        pathNot: [test, '^apps/server/src/(?:db|local)/', '\\.queries\\.ts$'],
      },
      to: { path: 'node_modules/(?:kysely|pg)/' },
    },
    {
      name: 'feature-through-its-service',
      comment:
        'A feature calls another through its service; types may come from its schemas, outcomes from its errors.',
      severity: 'error',
      from: { path: feature, pathNot: test },
      to: { path: feature, pathNot: ['^apps/server/src/$1/', '\\.(?:service|schemas|errors)\\.ts$'] },
    },
    {
      name: 'ground-knows-no-feature',
      comment: 'What features stand on does not know them.',
      severity: 'error',
      from: { path: `^apps/server/src/(?:${ground})/`, pathNot: test },
      to: { path: [feature, `^apps/server/src/(?:${composition})/`] },
    },
    {
      name: 'local-is-local',
      comment: 'src/local uses development dependencies: production never loads it.',
      severity: 'error',
      from: {
        path: '^apps/server/src/',
        pathNot: [test, '^apps/server/src/local/', '^apps/server/src/main-local\\.ts$'],
      },
      to: { path: '^apps/server/src/local/' },
    },
    {
      name: 'no-development-dependency',
      comment: 'Production is installed without development dependencies.',
      severity: 'error',
      from: { path: '^(?:apps/server|packages/[^/]+)/src/', pathNot: [test, '^apps/server/src/local/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(?:^|/)(?:build|dist|\\.stryker-tmp|\\.svelte-kit|coverage|cdk\\.out)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'svelte', 'node', 'default'],
      extensions: ['.ts', '.js', '.svelte', '.json'],
    },
  },
}
