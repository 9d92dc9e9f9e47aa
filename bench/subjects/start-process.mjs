import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { pinnedTo } from '../measuring/cores.mjs'
import { freePort } from './free-port.mjs'
import { killTree, treeOf } from './process-tree.mjs'

const readyWithinMs = 30_000
const keptOfOutput = 8_000
const mostTold = 100

/**
 * Starts a server on a free port, as `command(port)` says, and waits until it answers. At the end of the scope all of its processes are
 * killed.
 */
export async function startProcess(command, { pair = null, env = {}, cwd, core = null } = {}) {
  const port = await freePort()
  const [program, ...args] = pinnedTo(core, command(port))
  const began = performance.now()
  const child = spawn(program, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  /** The first output of the process, with times. */
  const told = []
  const keep = (text) => {
    output = (output + text).slice(-keptOfOutput)
    if (told.length < mostTold) told.push({ text, ms: performance.now() - began })
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const server = {
    pid: child.pid,
    host: '127.0.0.1',
    port,
    tls: pair !== null,
    url: `${pair ? 'https' : 'http'}://127.0.0.1:${port}`,
    pids: () => treeOf(child.pid),
    told,
    async [Symbol.asyncDispose]() {
      killTree(child.pid)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
  try {
    await firstAnswer(server, () => child.exitCode !== null || child.signalCode !== null)
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw new Error(`${[program, ...args].join(' ')}: ${error.message}\n${output}`)
  }
  return { ...server, startMs: performance.now() - began }
}

/** Sends requests until one is answered with 200. */
export async function firstAnswer({ url }, hasEnded = () => false) {
  const end = performance.now() + readyWithinMs
  while (!(await isAnswered(url))) {
    if (hasEnded()) throw new Error('it ended before it answered')
    if (performance.now() > end) throw new Error(`no answer within ${readyWithinMs} ms`)
    await pause(2)
  }
}

function isAnswered(url) {
  const { promise, resolve } = Promise.withResolvers()
  const { get } = url.startsWith('https:') ? https : http
  get(url, { agent: false, rejectUnauthorized: false }, (response) => {
    response.resume().once('close', () => resolve(response.statusCode === 200))
  }).once('error', () => resolve(false))
  return promise
}
