import { EventEmitter } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { launch } from '@lockstep/core'
import { randomFrom } from './random.mjs'

const sole = { config: false, envFile: false, environment: false }
const boot = '60ms'
/** No export of an app may cause one of these. */
const ourFault = ['LOCKSTEP_ERR_INTERNAL', 'LOCKSTEP_ERR_VERIFY_FAILED']

/** Launches odd exports in this process: each is served, or refused with an error of the catalogue. */
export async function fuzzExports({ seed, count, tell }) {
  const found = []
  const codes = {}
  const started = performance.now()
  const noticed = (error) => {
    const stack = String(error?.stack ?? '')
    if (!stack.includes('app-exports.mjs') && stack.includes('\n    at '))
      found.push(`an exception that is not the app's: ${stack}`)
  }
  process.on('uncaughtException', noticed).on('unhandledRejection', noticed)
  let left = count
  const lane = async (first) => {
    for (let index = first; left > 0; index += 4) {
      left -= 1
      const random = randomFrom(seed + index)
      const outcome = await tryExport(
        odd(random, 0),
        random.pick(['auto', 'auto', 'node', 'fetch', 'factory']),
      )
      codes[outcome.code] = (codes[outcome.code] ?? 0) + 1
      if (outcome.fault) found.push(`--seed ${seed + index}: ${outcome.fault}`)
    }
  }
  await Promise.all([0, 1, 2, 3].map(lane))
  process.off('uncaughtException', noticed).off('unhandledRejection', noticed)
  tell(
    `exports: ${count} in ${((performance.now() - started) / 1_000).toFixed(1)} s, ${JSON.stringify(codes)}`,
  )
  return found
}

async function tryExport(app, face) {
  try {
    const handle = await launch(
      {
        app,
        interface: face,
        backend: 'single',
        port: 0,
        log: { level: 'silent' },
        timeouts: { boot, graceful: 0 },
      },
      sole,
    )
    await handle.stop({ urgency: 'kill' })
    return { code: 'served' }
  } catch (error) {
    const { code, faults } = error ?? {}
    if (typeof code !== 'string' || !Array.isArray(faults))
      return { code: 'odd', fault: String(error?.stack ?? error) }
    return {
      code,
      ...(ourFault.includes(code) && { fault: `${code}: ${error.message} ${error.cause?.stack ?? ''}` }),
    }
  }
}

/** A separate name, because the linter reports such an object inline as a mistake. */
const thenable = 'then'
const fail = () => {
  throw new Error('on purpose')
}
const answer = (_, response) => response.end('fine')
const throwing = (target) =>
  new Proxy(target, {
    get: fail,
    has: fail,
    ownKeys: fail,
    getPrototypeOf: fail,
    getOwnPropertyDescriptor: fail,
  })

/** One of the things that a module may export by mistake or by malice. */
function odd(random, depth) {
  const more = () => (depth > 2 ? random.pick([1, null, answer]) : odd(random, depth + 1))
  const getter = (name) => Object.defineProperty({}, name, { get: fail, enumerable: true })
  const shape = (names) =>
    Object.fromEntries(names.map((name) => [name, random.pick([more(), () => more(), fail, name])]))
  return random.pick([
    () => random.pick([0, '', 'text', 5n, true, Symbol('x'), NaN, undefined, null]),
    () => ({}),
    () => Object.create(null),
    () => Object.freeze({ fetch: 1 }),
    () => [more()],
    () => new Date(),
    () => new Map([['fetch', answer]]),
    () => answer,
    () => () => more(),
    () => async () => more(),
    () => fail,
    () => async () => fail(),
    () =>
      function* generator() {
        yield more()
      },
    () =>
      async function* generator() {
        yield more()
      },
    () =>
      class App {
        constructor() {
          fail()
        }
      },
    () => Object.assign(class {}, { fetch: () => new Response('fine') }),
    () => (one) => one,
    () => answer.bind(null),
    () => Object.defineProperty((_, response) => response.end(), 'length', { get: fail }),
    () => Object.assign(() => more(), { toString: fail, handle: fail, use: fail }),
    () => Promise.resolve(more()),
    () => Promise.reject(random.pick([new Error('on purpose'), null, undefined, Object.create(null), 7])),
    () => new Promise(() => undefined),
    () => ({ [thenable]: () => undefined }),
    () => ({ [thenable]: fail }),
    () => getter('then'),
    () => throwing({}),
    () => throwing(answer),
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    },
    () => {
      const { proxy, revoke } = Proxy.revocable(answer, {})
      revoke()
      return proxy
    },
    () =>
      getter(
        random.pick([
          'fetch',
          'server',
          '_server',
          'tls',
          'handle',
          'callback',
          'ready',
          'ws',
          'listen',
          'options',
          'constructor',
        ]),
      ),
    () => shape(['ready', 'routing', 'inject', 'server', 'close']),
    () => shape(['callback', 'middleware']),
    () => ({ callback: random.pick([fail, () => more()]), middleware: [] }),
    () =>
      Object.assign(answer, shape(['ws'])) &&
      Object.assign(() => undefined, {
        handle: answer,
        use: answer,
        ws: answer,
        listen: random.pick([fail, () => more(), () => http.createServer(answer).listen()]),
      }),
    () => shape(['fetch', 'route', 'routes', 'tls']),
    () => ({ fetch: random.pick([fail, () => more(), async () => more()]) }),
    () => shape(['handleUpgrade', 'shouldHandle', 'options', 'emit']),
    () => new EventEmitter(),
    () => Object.assign(new EventEmitter(), { listen: answer, setSecureContext: answer }),
    () => http.createServer(),
    () => http.createServer(answer),
    () => http.createServer(fail),
    () => new Proxy(http.createServer(answer), {}),
    () =>
      Object.assign(http.createServer(answer), {
        [random.pick([
          'listenerCount',
          'rawListeners',
          'emit',
          'on',
          'eventNames',
          'address',
          'keepAliveTimeout',
          'headersTimeout',
          'maxHeadersCount',
          'timeout',
          'shouldUpgradeCallback',
          'maxConnections',
          'requestTimeout',
          'pauseOnConnect',
          'noDelay',
        ])]: random.pick([fail, more(), -1, 'x', {}, Infinity]),
      }),
    () =>
      http
        .createServer(answer)
        .on(random.pick(['listening', 'clientError', 'close', 'newListener', 'removeListener']), fail),
    () => Object.freeze(http.createServer(answer)),
    () => Object.setPrototypeOf(http.createServer(answer), EventEmitter.prototype),
    () => net.createServer(),
    () =>
      new (class extends http.Server {
        emit() {
          fail()
        }
      })(answer),
    () => globalThis,
    () => process,
    () => Function.prototype,
    () => Object.prototype,
    () => new Response('x'),
    () => import('node:http'),
  ])()
}
