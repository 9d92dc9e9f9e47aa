import { setTimeout as pause } from 'node:timers/promises'
import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { bareNode, nodeCluster, reusePort } from '../subjects/by-hand.mjs'
import { command, lockstepCluster, lockstepSingle } from '../subjects/lockstep.mjs'
import { pm2 } from '../subjects/pm2.mjs'
import { present } from '../subjects/present.mjs'
import { runProgram } from '../subjects/run-program.mjs'
import { watt } from '../subjects/watt.mjs'

const alone = [bareNode, lockstepSingle]
const together = [lockstepCluster, nodeCluster, reusePort, pm2, watt]
const ours = [lockstepSingle, lockstepCluster].map(({ name }) => name)
const readyLine = /ready in \d/

export const startUp = {
  name: 'start-up',
  about: `The time from the start of the command until a client gets an answer with 200. The servers took turns. With several workers, also the time until each of them has answered a new connection; 32 connections ask at once. PM2 starts with no daemon running, as \`pm2 start\` does after a boot. Watt starts its workers one after the other.`,
  async measure({ quick }) {
    const { rounds, workers } = quick ? { rounds: 1, workers: 4 } : { rounds: 3, workers: 8 }
    const { subjects, skipped } = present(quick ? together.filter((subject) => subject !== watt) : together)
    const single = await inTurns(alone, { rounds: 3 * rounds, workers: 1 })
    const several = await inTurns(subjects, { rounds, workers })
    const help = await compareCommands(quick ? 3 : 10)
    const peers = subjects.filter(({ name }) => name === pm2.name || name === watt.name)
    return {
      skipped,
      figures: [
        {
          what: 'single: time to the first answer, relative to bare Node',
          ...comparison(single, lockstepSingle.name, 'firstMs', bareNode.name),
        },
        ...peers.map(({ name }) => ({
          what: `${workers} workers: time until all answer, relative to ${name}`,
          ...comparison(several, lockstepCluster.name, 'allMs', name, 1),
        })),
        {
          what: '`lockstep --help`, relative to `node -e 0`',
          ...comparison(help, helpCommand.name, 'ms', nodeCommand.name),
        },
      ],
      tables: [
        {
          title: `Milliseconds until the first answer, and until all workers have answered`,
          columns: ['', 'workers', 'first answer', 'all have answered', 'reports ready'],
          rows: [
            ...alone.map(({ name }) => row(single, name, 1)),
            ...subjects.map(({ name }) => row(several, name, workers)),
          ],
        },
      ],
      charts: [
        {
          file: 'start-up',
          title: `Start with ${workers} workers`,
          kind: 'bars',
          unit: 'ms',
          categories: ['first answer', 'all have answered'],
          series: subjects.map(({ name }) => ({
            name,
            values: [several.of(name, 'firstMs'), several.of(name, 'allMs')],
          })),
        },
      ],
    }
  },
}

function inTurns(subjects, { rounds, workers }) {
  return compare(subjects, {
    rounds,
    most: rounds,
    decidedBy: 'allMs',
    async measure(subject) {
      await using server = await subject.start({ workers })
      const began = performance.now() - server.startMs
      await untilWorkersAnswer(server, workers)
      const allMs = performance.now() - began
      return { firstMs: server.startMs, allMs, readyMs: await readyMs(subject, server) }
    },
  })
}

/** Only the launcher prints this line. It usually has by now. */
async function readyMs({ name }, { told }) {
  if (!ours.includes(name)) return Number.NaN
  for (let asked = 0; asked < 400; asked += 1, await pause(5)) {
    const line = told.find(({ text }) => readyLine.test(text))
    if (line) return line.ms
  }
  throw new Error(`${name} did not say that it is ready: ${JSON.stringify(told)}`)
}

const nodeCommand = { name: 'node -e 0', args: ['-e', '0'] }
const helpCommand = { name: 'lockstep --help', args: [command, '--help'] }

function compareCommands(rounds) {
  return compare([nodeCommand, helpCommand], {
    rounds,
    decidedBy: 'ms',
    async measure({ args }) {
      const began = performance.now()
      await runProgram([process.execPath, ...args])
      return { ms: performance.now() - began }
    },
  })
}

/** A figure. It is judged if the ratio has a maximum. */
function comparison(found, our, key, their, most = null) {
  const ratio = found.between(our, their, key)
  return {
    goal: most === null ? null : `≤ ${most}`,
    found: shown(ratio, 2),
    met: most === null ? null : ratio.median <= most,
    how: `${shown(found.of(our, key))} ms against ${shown(found.of(their, key))} ms, ${found.rounds} rounds`,
  }
}

function row(found, name, count) {
  const cell = (key) => {
    const value = found.of(name, key)
    return Number.isNaN(value.median) ? '–' : shown(value)
  }
  return [name, String(count), cell('firstMs'), cell('allMs'), cell('readyMs')]
}
