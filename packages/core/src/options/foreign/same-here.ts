import { flagTable, ownFlags } from '../flag-table.ts'
import { isOptionName } from '../option-table.ts'
import type { ForeignFlag } from './foreign-flag.ts'

/** How a flag that works is written in our own words: our flag, where theirs is an alias, and the option for the configuration file. */
export function sameHere({ flags, keys, here }: ForeignFlag): string {
  const name = flags.map((flag) => flagTable.get(flag)?.name).find((found) => found !== undefined)
  if (name === undefined) return here
  const [first = ''] = ownFlags(name)
  const sentences = [
    ...(flags.some((flag) => ownFlags(name).includes(flag)) ? [] : [`It is \`${first}\`.`]),
    ...(keys.some((key) => !isOptionName(key)) ? [`In \`lockstep.config.ts\` it is \`${name}\`.`] : []),
    here,
  ]
  return sentences.filter((text) => text !== '').join(' ')
}
