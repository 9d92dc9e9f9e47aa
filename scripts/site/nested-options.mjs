import { optionNames, optionRow } from '@lockstep/core/internal'

/**
 * The options below a member of `LockstepConfig`, such as `tls`, as a list. API Extractor drops the comments within the type of a member, and the
 * texts of the options are those.
 */
export function nestedOptions(parent, member) {
  if (parent !== 'LockstepConfig') return []
  const names = optionNames.filter((name) => name.startsWith(`${member}.`))
  const lines = names.map(
    (name) => `- [\`${name}\`](../options.md#${anchorOf(name)}): ${optionRow(name).summary}`,
  )
  return lines.length === 0 ? [] : [lines.join('\n')]
}

/** As GitHub writes the anchor of a heading. */
function anchorOf(name) {
  return name.toLowerCase().replaceAll('.', '')
}
