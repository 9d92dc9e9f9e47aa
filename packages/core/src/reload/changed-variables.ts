import type { PreparedLaunch } from '../launch/prepare-launch.ts'
import { isOurVariable } from '../options/sources/environment/variable-name.ts'

type Read = Pick<PreparedLaunch, 'options' | 'variables'>

/**
 * A warning about variables of the environment file that the app would see changed after a start, and does not see after a reload; `null` when
 * there are none. Those of options are in use by then.
 */
export function changedVariables(atStart: Read['variables'], { options, variables }: Read): string | null {
  const labels = Object.values(options).map(({ source }) => source.label)
  const isOfOption = (name: string): boolean =>
    isOurVariable(name) || labels.some((label) => label.startsWith(`${name} in `))
  const names = [...new Set([...Object.keys(atStart), ...Object.keys(variables)])].filter(
    (name) => atStart[name] !== variables[name] && !isOfOption(name),
  )
  if (names.length === 0) return null
  const [have, them] = names.length === 1 ? ['has', 'it'] : ['have', 'them']
  return `${names.join(', ')} ${have} changed in the environment file; the app gets ${them} at the next start: stop the server and start it again`
}
