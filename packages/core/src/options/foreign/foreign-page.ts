import type { ForeignMeaning } from './foreign-launchers.ts'

/** Where the docs list the flags of other launchers. */
export const foreignPage = 'docs/flags-of-other-launchers.md'

/** The id of a row in that page: `pm2-instances`, or `pm2-key-env` for a row without a flag. */
export function rowId({ launcher, row }: ForeignMeaning): string {
  const longFlag = row.flags.find((flag) => flag.startsWith('--'))
  const name = longFlag ?? row.flags[0] ?? `key-${row.keys[0]}`
  return `${launcher.id}-${name.replaceAll(/^-+|\*/g, '').replaceAll(/[^\w]+/g, '-')}`
}
