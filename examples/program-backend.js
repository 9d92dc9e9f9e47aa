import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import {
  closeListeners,
  createAppServer,
  defineBackend,
  honoured,
  inProcessServer,
  inProcessSupport,
  LaunchError,
  launcherSupport,
  listenForRedirects,
  listenOnAll,
  listenSupport,
  programFront,
  refused,
  serveSupport,
} from 'lockstep/backend'

// A backend that starts a program in any language and serves in front of it, with TLS, limits and drain.
// Try it: lockstep exec --backend ./program-backend.js -- python3 -m http.server {port}
const notOfNode = (value) =>
  value === null || value === 'auto'
    ? honoured('none')
    : refused('it starts a program, and not an app of Node', 'Name a program, or use the backend single.')

export default defineBackend({
  apiVersion: 1,
  name: 'program',
  runs: ['command'],
  lacks: ['revival'],
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...listenSupport,
    ...inProcessSupport,
    app: notOfNode,
    args: notOfNode,
    interface: notOfNode,
    command: honoured('started on a private port'),
    'timeouts.boot': honoured('the program is ended'),
    'upstream.connectTimeout': honoured('504 after that'),
    'upstream.responseTimeout': honoured('504 after that'),
    user: refused('the program runs as the user that starts it', 'Use the backend command.'),
    group: refused('the program runs as the user that starts it', 'Use the backend command.'),
  },

  async start(plan, host) {
    const port = await freePort()
    const fillIn = (word) => word.replaceAll('{port}', String(port)).replaceAll('{host}', '127.0.0.1')
    const [program, ...words] = plan.app.command.map(fillIn)
    // A program that reads its input sees it end when this process is gone, however that came about.
    const child = spawn(program, words, {
      cwd: plan.chdir ?? plan.app.directory,
      env: { ...process.env, PORT: String(port), HOST: '127.0.0.1' },
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    const ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`))
    })
    let isEnding = false
    const endProgram = async (signal) => {
      isEnding = true
      child.kill(signal)
      await Promise.race([ended, pause(1_000, null, { ref: false })])
      child.kill('SIGKILL')
      await ended
    }
    const listeners = []
    try {
      await untilAccepts(port, { plan, ended, signal: host.signal })
      const front = programFront(plan, { log: host.log, places: [{ host: '127.0.0.1', port }] })
      const app = { ...front, close: () => Promise.all([front.close(), endProgram('SIGTERM')]) }
      const server = createAppServer({ plan, app, log: host.log, worker: null })
      const binding = { backlog: plan.backlog, pauseOnConnect: false }
      listeners.push(...(await listenOnAll(plan.addresses, { ...binding, onConnection: server.accept })))
      const redirecting = { ...binding, beside: listeners, onConnection: server.redirect }
      const redirects = await listenForRedirects(plan, redirecting)
      server.opened(listeners.map(({ address }) => address))
      const gone = (how) => failure('X_PROGRAM_ENDED', `The program is gone: ${how}.`)
      const crashed = ended.then((how) => (isEnding ? new Promise(() => undefined) : gone(how)))
      void crashed.then(() => closeListeners([...listeners, ...redirects]))
      const onStopped = () => endProgram('SIGKILL')
      return inProcessServer({ plan, host, app, server, listeners, redirects, crashed, onStopped })
    } catch (error) {
      closeListeners(listeners)
      await endProgram('SIGKILL')
      throw error
    }
  },
})

async function untilAccepts(port, { plan, ended, signal }) {
  let end
  void ended.then((how) => (end = how))
  for (const deadline = Date.now() + plan.timeouts.bootMs; ; await pause(20)) {
    if (signal.aborted) throw failure('LOCKSTEP_ERR_STOPPED', 'The launch was given up.')
    if (end !== undefined) throw failure('LOCKSTEP_ERR_PROGRAM_ENDED', `The program did not start: ${end}.`)
    if (Date.now() > deadline) throw failure('LOCKSTEP_ERR_BOOT_TIMEOUT', 'The program does not listen.')
    const socket = connect(port, '127.0.0.1')
    const isOpen = (await once(socket, 'connect').catch(() => null)) !== null
    socket.destroy()
    if (isOpen) return
  }
}

const failure = (code, message) =>
  new LaunchError({ code, kind: 'app', message, hint: 'Look at the output of the program above.' })

async function freePort() {
  const port = 20_000 + Math.floor(Math.random() * 12_000) // Systems give no port of these to others.
  const server = createServer().listen(port, '127.0.0.1')
  if ((await once(server, 'listening').catch(() => null)) === null) return freePort()
  await once(server.close(), 'close')
  return port
}
