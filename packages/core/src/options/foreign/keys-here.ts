import { flagTable } from '../flag-table.ts'
import { respell } from '../sources/respell.ts'
import type { ForeignFlag } from './foreign-flag.ts'

/** The answer to a key of a file, in keys. */
export function keyHere({ answer, flags, here }: ForeignFlag): string {
  const name = flags.map((flag) => flagTable.get(flag)?.name).find((found) => found !== undefined)
  const same = answer === 'same' && name !== undefined ? `Here it is \`${name}\`. ` : ''
  return `${same}${respell(here, { kind: 'config', label: '' })}`.trim()
}

/** The answer in the docs, for the line and for a file: the flags in it are followed by their own keys, where these are other words. */
export function keysHere({ here }: ForeignFlag): string {
  const flags = [...new Set([...here.matchAll(/(?<=`)--[a-z-]+/g)].map(([flag]) => flag))]
  const keys = flags.flatMap((flag) => {
    const name = flagTable.get(flag)?.name
    return name === undefined || name === flag.slice(2) ? [] : `\`${flag}\` is \`${name}\``
  })
  return keys.length === 0 ? here : `${here} In \`lockstep.config.ts\`, ${keys.join(', and ')}.`
}
