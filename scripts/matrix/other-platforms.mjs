// What `npm test` runs of the matrix beside the tests, which cover the pinned Node: a part on every other platform.
import { runCells } from '../matrix.mjs'
import { platforms } from './platforms.mjs'

const tlsAndLifecycle = ['tls/*', 'processes/*']

/** One entry for each platform, with what is run there. */
export const otherPlatforms = [
  { name: 'Linux, Node 22', patterns: tlsAndLifecycle, doors: ['launch'], atATime: 4 },
  { name: 'Linux, Node 26', patterns: tlsAndLifecycle, doors: ['launch'], atATime: 4 },
  { name: 'Windows, Node 24', patterns: tlsAndLifecycle, doors: ['command'], atATime: 4 },
]

/** Resolves with the exit code; throws nothing for a platform that can't be had here, but tells why. */
export async function runOn({ name, ...extent }) {
  const cells = await runCells(
    platforms.filter((platform) => platform.name === name),
    extent,
  )
  const notRun = cells.find(({ state }) => state === 'not run')
  return { exitCode: cells.some(({ state }) => state === 'falls short') ? 1 : 0, notRun: notRun?.reason }
}
