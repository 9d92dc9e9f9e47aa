// The boundaries between the packages and folders; `npm run lint` enforces them.
// (What may touch process.argv, process.env and process.exit is checked by test/project/boundaries.test.ts.)

const sources = '^packages/[^/]+/src/'

const processTools = ['execa', 'cross-spawn', 'get-port', 'winston']

/** Matches where a package resolves to, its types, and its bare name in case it cannot be resolved. */
const anyOf = (names) => `(^|node_modules/)(@types/)?(${names.join('|')})(/|$)`

export default {
  forbidden: [
    {
      name: 'process-tools-only-in-platform',
      comment:
        'What differs between platforms stays behind packages/core/src/platform. Only the logger in log/ uses winston, and only the suite asks for free ports.',
      severity: 'error',
      from: {
        path: sources,
        pathNot: '^packages/(core/src/(platform|log)/|conformance/src/clients/free-port)',
      },
      to: { path: anyOf(processTools) },
    },
    {
      name: 'platform-imports-nothing-above-it',
      comment: 'What asks the system knows neither options nor plans. Only errors/ lies below it.',
      severity: 'error',
      from: { path: '^packages/core/src/platform/' },
      to: { path: '^packages/core/src/', pathNot: '^packages/core/src/(platform|errors)/' },
    },
    {
      name: 'errors-import-nothing',
      comment: 'Everything throws them, so they are the lowest layer.',
      severity: 'error',
      from: { path: '^packages/core/src/errors/' },
      to: { path: '^packages/core/src/', pathNot: '^packages/core/src/errors/' },
    },
    {
      name: 'no-cycles',
      comment: 'Cycles make modules impossible to understand one at a time; that goes for types too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'backends-do-not-see-options',
      comment: 'Backends work from the finished plan, so that all of them understand an option the same way.',
      severity: 'error',
      from: { path: '^packages/core/src/backends/' },
      to: { path: '^packages/core/src/options/' },
    },
    {
      name: 'backends-do-not-plan',
      comment: 'Backends receive a plan; from plan/ they need its types, and the words for their answers.',
      severity: 'error',
      from: { path: '^packages/core/src/backends/' },
      to: {
        path: '^packages/core/src/plan/',
        pathNot: '^packages/core/src/plan/option-support\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'preflight-reaches-no-backend',
      comment: 'The preflight checks a plan for any backend: the launch hands in how to choose one.',
      severity: 'error',
      from: { path: '^packages/core/src/preflight/' },
      to: {
        path: '^packages/core/src/backends/',
        // The interface that every backend implements.
        pathNot: '^packages/core/src/backends/server-backend\\.ts$',
        reachable: true,
      },
    },
    {
      name: 'preparation-reaches-no-reload',
      comment: 'A reload prepares a launch again, so the preparation knows nothing of reloads.',
      severity: 'error',
      from: { path: '^packages/core/src/launch/prepare-launch\\.ts$' },
      to: { path: '^packages/core/src/reload/', reachable: true },
    },
    {
      name: 'primary-and-worker-share-only-the-wire',
      comment: 'They are two processes: neither can call what runs in the other.',
      severity: 'error',
      from: { path: '^packages/core/src/backends/cluster/(primary|worker|wire|policy)/' },
      to: {
        path: '^packages/core/src/backends/cluster/(primary|worker)/',
        pathNot: '^packages/core/src/backends/cluster/$1/',
      },
    },
    {
      name: 'packages-only-by-their-entry-point',
      comment:
        'A package uses another one by what the entries in its package.json export: its public ones, judge of certs, internal of core.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/(package\\.json|(src|dist)/(index|backend|control|internal|judge)\\.(ts|js|d\\.ts))$',
        ],
      },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: sources },
      to: { path: '(^|/)test/', pathNot: 'node_modules/' },
    },
    {
      name: 'no-undeclared-dependencies',
      comment: 'The root has dependencies that packages would find by accident, but their users would not.',
      severity: 'error',
      from: { path: sources },
      to: {
        // Not in the published code: they are bundled (test/project/published-dependencies.test.ts).
        pathNot: anyOf(['zod', 'winston']),
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-unresolvable-imports',
      comment: 'Catches imports that an exports map rejects. The other packages have to be built.',
      severity: 'error',
      from: { path: sources },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    // Sees type-only imports as well, which are gone after compilation.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
