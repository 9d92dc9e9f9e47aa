import { spawnSync } from 'node:child_process'

/** The first text that looks like a version in the program's output. */
export function saysVersion(program, ...args) {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return /\d+\.\d+(\.\d+)*/.exec(`${stdout}${stderr}`)?.[0] ?? 'of an unknown version'
}
