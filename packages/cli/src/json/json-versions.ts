/**
 * The version of what each command writes with `--json`, which is the property `schema`. It rises when a property is removed, or changes its
 * type or its meaning. New properties do not change it.
 */
export const jsonVersions = {
  run: 1,
  serve: 1,
  exec: 1,
  check: 1,
  plan: 1,
  ps: 1,
  status: 1,
  reload: 1,
  scale: 1,
  restart: 1,
  stacks: 1,
  'reopen-logs': 1,
  stop: 1,
  'cert create': 1,
  'cert inspect': 1,
  'cert trust': 1,
  'cert untrust': 1,
  conformance: 1,
  completion: 1,
  help: 1,
  '--version': 1,
} as const

/** The name of a command, all of which have `--json`, or what is asked for instead of one. */
export type JsonCommand = keyof typeof jsonVersions
