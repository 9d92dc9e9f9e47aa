import { textWidth, type VerbResults, visibleFacts } from '@lockstep/core/internal'
import { style } from '../../render/style.ts'
import { hang } from '../../render/wrap.ts'

/** What workers execute, for people. */
export function renderStacks(stacks: VerbResults['stacks']): string {
  const width = textWidth('stdout')
  return visibleFacts(stacks)
    .map(({ worker, pid, frames }) => {
      const title = `${style('bold', `worker ${worker}`)} (${pid})`
      if (frames === null) return `${title}  ${style('yellow', 'could not be looked at in time')}\n`
      if (frames.length === 0) return `${title}  waits for events\n`
      return `${title}\n${frames.map((frame) => `    ${hang(`at ${frame}`, { width, margin: 7 })}\n`).join('')}`
    })
    .join('\n')
}
