import { join, resolve } from 'node:path'
import { isPemPath } from '../options/kinds/tls/pem-path.ts'
import type { Resolved, ResolvedOptions } from '../options/resolve-options.ts'
import type { PlannedApp, PlannedIdentity } from '../plan/launch-plan.ts'
import { belongsToAnother } from '../platform/accounts/file-owner.ts'
import { statIfReachable } from '../platform/files/stat-if-reachable.ts'
import { searchPath } from '../platform/node/node-surroundings.ts'
import { currentFolder } from '../platform/process/current-folder.ts'
import { standardStream } from '../platform/system/line-writer.ts'
import { preloadedFiles, splitNodeOptions } from './node-preloads.ts'
import type { DecidingPath } from './untrusted-fault.ts'
import { localAuthorityPath } from './untrusted-local-authority.ts'
import { filesInCommand, filesInWords } from './words-of-command.ts'

/** What root obeys or executes at the start and at each reload. Keys and passphrases are the matter of `tls.keyPermissions`. */
export function obeyedPaths(
  options: ResolvedOptions,
  {
    app,
    runAs,
    knownBackends,
  }: {
    app: PlannedApp | null
    runAs: PlannedIdentity | null
    /** What `backend` can name beside the path of a module. */
    knownBackends: readonly string[]
  },
): DecidingPath[] {
  return [
    ...backendPaths(options, knownBackends),
    // Another user that serves is the one who executes them.
    ...(runAs === null && app !== null ? appPaths(app, options) : []),
    ...manifestPaths(app, { runAs, source: options.app.source.label }),
    ...trustAnchors(options),
    ...passphraseCommands(options),
  ]
}

/** What root writes to, or keeps, from the start on. */
export function writtenPaths(
  options: ResolvedOptions,
  { runAs }: { runAs: PlannedIdentity | null },
): DecidingPath[] {
  const { pidFile, 'accessLog.file': accessLog, 'tls.keylog': keylog, 'tls.selfSigned': selfSigned } = options
  const written = (
    what: string,
    { value, source }: Resolved<string | null>,
    use: DecidingPath['use'],
  ): DecidingPath[] =>
    value === null || standardStream(value) !== null ? [] : [{ what, path: value, use, source: source.label }]
  return [
    ...written('PID file', pidFile, 'used'),
    // With a user to become, it is that user who opens them.
    ...(runAs === null
      ? [
          ...written('access log', accessLog, 'written'),
          ...(isForeign(keylog.value) ? [] : written('key log', keylog, 'written')),
        ]
      : []),
    ...(selfSigned.value ? localAuthorityPath(selfSigned.source.label) : []),
  ]
}

/** What Node loads into each process before anything of ours: by its flags, or by NODE_OPTIONS. */
export function preloadPaths({
  nodeOptions,
  flags,
  directory,
  source,
}: {
  nodeOptions: string
  flags: readonly string[]
  directory: string
  source: string
}): DecidingPath[] {
  return preloadedFiles([...flags, ...splitNodeOptions(nodeOptions)], directory).map((path) => ({
    what: 'preload',
    path,
    use: 'executed',
    source,
  }))
}

/** A key log of another user is refused for what that user would read, elsewhere. */
function isForeign(file: string | null): boolean {
  return file !== null && belongsToAnother(file, { beside: null })
}

function backendPaths({ backend }: ResolvedOptions, known: readonly string[]): DecidingPath[] {
  const { value, source } = backend
  if (typeof value !== 'string' || value === 'auto' || known.includes(value)) return []
  return [{ what: 'backend', path: resolve(source.directory, value), use: 'executed', source: source.label }]
}

/** A package.json names what is executed. Variables that it sets also reach what root starts. */
function manifestPaths(
  app: PlannedApp | null,
  { runAs, source }: { runAs: PlannedIdentity | null; source: string },
): DecidingPath[] {
  if (app?.kind !== 'module' || app.manifest === null) return []
  const { file, setsVariables } = app.manifest
  if (runAs !== null && !setsVariables) return []
  return statIfReachable(file)?.isFile() === true
    ? [{ what: 'package.json', path: file, use: 'obeyed', source }]
    : []
}

/** What is executed with the app. */
function appPaths(app: PlannedApp, options: ResolvedOptions): DecidingPath[] {
  switch (app.kind) {
    case 'module':
      return [
        ...app.imports.map((file) => executed('import', file, options.import.source.label)),
        executed('app', app.file, options.app.source.label),
      ]
    case 'python':
      return pythonPaths(app).map(([what, path]) => executed(what, path, options.app.source.label))
    case 'command':
      return filesInWords(app.command, {
        directory: options.chdir.value ?? app.directory,
        searchPath: searchPath(),
      }).map((path) => executed('file in the command', path, options.command.source.label))
    case 'static':
    case 'memory':
      return []
  }
}

/** The module of a Python app, and what is looked for beside it: an interpreter, and the settings of Gunicorn. */
function pythonPaths({
  target,
  directory,
}: Extract<PlannedApp, { kind: 'python' }>): [what: string, path: string][] {
  const place = resolve(directory, ...(target.split(':', 1)[0] ?? '').split('.'))
  const looked: [what: string, path: string][] = [
    ['app', `${place}.py`],
    ['app', join(place, '__init__.py')],
    ['Gunicorn settings', join(directory, 'gunicorn.conf.py')],
    ...['.venv', 'venv'].map((folder): [string, string] => ['Python', join(directory, folder, 'bin/python')]),
  ]
  return looked.filter(([, path]) => statIfReachable(path)?.isFile() === true)
}

function executed(what: string, path: string, source: string): DecidingPath {
  return {
    what,
    path,
    use: 'executed',
    source,
    instead:
      'serve it as the user that owns it, with --user, or by starting the launcher as that user (`USER` in an image, `docker run --user`)',
  }
}

/** They decide which clients are let in. A certificate decides nothing: without its key it is useless, and every client gets it. */
function trustAnchors(options: ResolvedOptions): DecidingPath[] {
  return (
    [
      ['client CA', 'tls.ca'],
      ['revocation list', 'tls.crl'],
      ['file of Diffie-Hellman parameters', 'tls.dhparam'],
    ] as const
  ).flatMap(([what, name]) => {
    const { value, source }: Resolved<unknown> = options[name]
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    return values.flatMap((path): DecidingPath[] =>
      typeof path === 'string' && path !== 'auto' && isPemPath(path)
        ? [{ what, path, use: 'obeyed', source: source.label }]
        : [],
    )
  })
}

function passphraseCommands({
  'tls.passphraseCommand': command,
  'tls.sni': sni,
}: ResolvedOptions): DecidingPath[] {
  const commands = [
    ...(command.value === null ? [] : [{ command: command.value, source: command.source.label }]),
    ...(sni.value ?? []).flatMap(({ passphraseCommand }) =>
      passphraseCommand === null ? [] : [{ command: passphraseCommand, source: sni.source.label }],
    ),
  ]
  return commands.flatMap(({ command: text, source }) =>
    filesInCommand(text, { directory: currentFolder(), searchPath: searchPath() }).map((path) => ({
      what: 'file in the passphrase command',
      path,
      use: 'executed',
      source,
    })),
  )
}
