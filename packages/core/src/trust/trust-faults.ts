import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { Environment } from '../options/sources/environment/read-environment.ts'
import type { PlannedApp, PlannedIdentity } from '../plan/launch-plan.ts'
import { rootsTrust } from '../platform/accounts/trust-rule.ts'
import { nodeSettings } from '../platform/node/node-surroundings.ts'
import { folderForFork } from '../platform/process/current-folder.ts'
import { obeyedPaths, preloadPaths, writtenPaths } from './deciding-paths.ts'
import { harmlessNodeFlag, splitNodeOptions } from './node-preloads.ts'
import { type DecidingPath, untrustedFaults } from './untrusted-fault.ts'

/**
 * Why root must not go on: what it would obey, execute or write to could be changed by another user. Judged before any of it is used, at
 * the start and at each reload. Nothing, where this is not root.
 */
export function trustFaults(
  options: ResolvedOptions,
  {
    app,
    runAs,
    deciding,
    variables,
    isRunning,
    knownBackends,
  }: {
    app: PlannedApp | null
    runAs: PlannedIdentity | null
    deciding: readonly DecidingPath[]
    variables: Environment
    isRunning: boolean
    knownBackends: readonly string[]
  },
): Fault[] {
  const rule = rootsTrust(runAs)
  if (!rule) return []
  const { nodeOptions, flags } = nodeSettings()
  const ofEnvFile = nodeOptions === '' ? (variables['NODE_OPTIONS'] ?? '') : ''
  const directory = folderForFork()
  return [
    ...untrustedFaults(
      [
        ...deciding,
        ...preloadPaths({ nodeOptions, flags, directory, source: 'NODE_OPTIONS' }),
        ...preloadPaths({
          nodeOptions: ofEnvFile,
          flags: [],
          directory,
          source: 'NODE_OPTIONS in the environment file',
        }),
        ...obeyedPaths(options, { app, runAs, knownBackends }),
        ...(isRunning ? [] : writtenPaths(options, { runAs })),
      ],
      rule,
    ),
    ...(runAs === null ? [] : [...nodeOptionsFaults(ofEnvFile), ...loadedAppFaults(options, app)]),
  ]
}

/** A worker starts as root, and Node obeys them before any code of ours can change the user. */
function nodeOptionsFaults(text: string): Fault[] {
  const obeyed = splitNodeOptions(text).filter((word) => !harmlessNodeFlag(word))
  if (obeyed.length === 0) return []
  return [
    {
      code: 'LOCKSTEP_ERR_NODE_OPTIONS_AS_ROOT',
      message: `NODE_OPTIONS in the environment file has ${obeyed.join(' ')}, which Node obeys in each worker while that is still root.`,
      hint: 'Import such modules in the app, which is loaded as the user of --user, or start the launcher as that user.',
      source: 'NODE_OPTIONS in the environment file',
    },
  ]
}

/** A function or a server in a configuration file exists only after its modules have been loaded. */
function loadedAppFaults({ app: { source } }: ResolvedOptions, app: PlannedApp | null): Fault[] {
  if (app?.kind !== 'memory' || source.kind !== 'config') return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `The app is in the configuration file itself (${source.label}), so root has loaded it before the change to the user that serves.`,
      hint: 'Write the app as a module of its own, and its path into the configuration file.',
      source: source.label,
    },
  ]
}
