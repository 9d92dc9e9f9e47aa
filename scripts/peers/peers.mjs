import { relative } from 'node:path'
import { rootFolder } from '../workspace.mjs'
import { isExecutable } from './find-program.mjs'
import { peerParts } from './peer-parts.mjs'

/** Each program by its name: the part that has it, and its name there. */
const programs = {
  python: { part: 'python' },
  gunicorn: { part: 'python' },
  uvicorn: { part: 'python' },
  hypercorn: { part: 'python' },
  granian: { part: 'python' },
  fastapi: { part: 'python' },
  'django-admin': { part: 'python' },
  flask: { part: 'python' },
  'gunicorn-26': { part: 'python-gunicorn-26', program: 'gunicorn' },
  'python-old': { part: 'python-old', program: 'python' },
  'gunicorn-old': { part: 'python-old', program: 'gunicorn' },
  'uvicorn-old': { part: 'python-old', program: 'uvicorn' },
  'node-red': { part: 'node-red' },
  nginx: { part: 'nginx' },
  haproxy: { part: 'haproxy' },
  caddy: { part: 'caddy' },
}

/** The path of a peer's program. Throws with the reason and the cure if it isn't set up, or from other pins. */
export function peer(name) {
  const problem = peerProblem(name)
  if (problem) throw new Error(problem)
  return pathOf(name)
}

/** Why a peer can't be used, with the cure, or null. */
export function peerProblem(name) {
  const { part } = programs[name]
  if (peerParts[part].isReady() && isExecutable(pathOf(name))) return null
  return `${name} is not set up, or not in the pinned version. Set it up with: npm run peers -- ${part}`
}

function pathOf(name) {
  const { part, program = name } = programs[name]
  return peerParts[part].pathOf(program)
}

/** The version of a peer, such as `27.0.1`. */
export function peerVersion(name) {
  const { part, program = name } = programs[name]
  return peerParts[part].versionOf(program)
}

/** A table for people: each peer of these parts, its version and where it is. */
export function describePeers(parts) {
  const rows = Object.keys(programs)
    .filter((name) => parts.includes(programs[name].part))
    .map((name) =>
      peerProblem(name) ? [name, '', 'not set up'] : [name, peerVersion(name), shown(peer(name))],
    )
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map(([name, version, where]) => `${name.padEnd(widths[0])}  ${version.padEnd(widths[1])}  ${where}`)
    .join('\n')
}

function shown(file) {
  const path = relative(rootFolder, file)
  return path.startsWith('..') ? file : path
}
