/** Flags of Node that name what this process runs, or a port that it holds: a child must not inherit them. */
const ownFlags = /^(--eval|--print|--input-type|--inspect|--test|--watch|-e$|-p$|-pe$)/
/** Those of them whose value may be a word of its own. */
const withValue = /^(--eval|--print|--input-type|--inspect-port|--watch-path|--test-[a-z-]+|-e|-p|-pe)$/

/** The flags of Node that a process hands on to the workers that it starts. */
export function inheritedFlags(execArgv: readonly string[]): string[] {
  return execArgv.filter((word, index) => {
    const before = execArgv[index - 1] ?? ''
    return !ownFlags.test(word) && !(withValue.test(before) && !word.startsWith('-'))
  })
}
