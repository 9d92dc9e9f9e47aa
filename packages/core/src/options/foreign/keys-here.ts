import { flagTable } from '../flag-table.ts'
import type { ForeignFlag } from './foreign-flag.ts'

/** The answer to a key of a file: the flags in it are followed by their own keys, where these are other words. */
export function keysHere({ here }: ForeignFlag): string {
  const flags = [...new Set([...here.matchAll(/(?<=`)--[a-z-]+/g)].map(([flag]) => flag))]
  const keys = flags.flatMap((flag) => {
    const name = flagTable.get(flag)?.name
    return name === undefined || name === flag.slice(2) ? [] : `\`${flag}\` is \`${name}\``
  })
  return keys.length === 0 ? here : `${here} In \`lockstep.config.ts\`, ${keys.join(', and ')}.`
}
