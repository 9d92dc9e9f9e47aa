import { basename } from 'node:path'
import {
  honoured,
  inProcessSupport,
  LaunchError,
  type LaunchPlan,
  launcherSupport,
  listenSupport,
  ownAccountSupport,
  type PrivatePlace,
  refused,
  serveSupport,
  type TotalBackend,
} from '@lockstep/core/internal'
import type { ProgramSpec } from '../supervise/program-spec.ts'
import { servePrograms } from '../supervise/serve-programs.ts'
import { fillIn, fillInVariables, placeholdersIn } from './fill-in.ts'

const notOfNode = refused(
  'a program is started, and not an app of Node',
  'Write what the program needs among its own arguments, or serve the app with --backend single or cluster.',
)
const notSeen = (what: string) =>
  refused(`the launcher does not see ${what} of a program`, 'Use recycle.lifetime (--max-lifetime).')

/** Any program, in any language, on a private address behind this server. */
export const commandBackend: TotalBackend = {
  name: 'command',
  runs: ['command'],
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...listenSupport,
    ...inProcessSupport,
    ...ownAccountSupport,
    app: (value) => (value === null ? honoured('none') : notOfNode),
    command: honoured('started on a private address'),
    args: (value) => (value === null ? honoured('none') : notOfNode),
    'static.directory': (value) => (value === null ? honoured('none') : notOfNode),
    'static.single': (value) => (value ? notOfNode : honoured('none')),
    import: (value) => (value === null ? honoured('none') : notOfNode),
    interface: (value) => (value === 'auto' ? honoured('HTTP/1.1 of the program') : notOfNode),
    appPorts: (value) => (value === null ? honoured('programs are looked at when they start') : notOfNode),
    waitReady: (value) =>
      value
        ? refused(
            "`process.send('ready')` is of Node",
            'Use upstream.readyPath (--upstream-ready-path) or upstream.readyOutput (--upstream-ready-output).',
          )
        : honoured('it is ready when it accepts connections'),
    shutdownWithMessage: (value) =>
      value
        ? refused("the message 'shutdown' is of Node", 'Use upstream.stopSignal (--stop-signal).')
        : honoured('the program gets a signal'),
    workers: honoured('instances of the program, each on an address of its own'),
    balance: (value) =>
      value === 'auto'
        ? honoured('a request goes to the instance with the fewest in flight')
        : refused(
            'requests are shared out, and not connections: always to the instance with the fewest in flight',
            'Leave it out.',
          ),
    sticky: honoured('the front picks the instance'),
    'timeouts.boot': honoured('the program is ended'),
    'timeouts.hang': refused(
      'a program sends no heartbeats',
      'Use upstream.responseTimeout (--response-timeout), which ends requests that are not answered.',
    ),
    'upstream.setEnv': honoured('set for the program, with the private address in it'),
    'upstream.readyPath': honoured('asked before an instance gets requests'),
    'upstream.readyOutput': honoured('looked for in its output'),
    'upstream.stopSignal': (value, { platform }) =>
      platform === 'win32' && value !== 'SIGTERM'
        ? refused('Windows has no signals', 'Leave it out: the program gets Ctrl-C in a console of its own.')
        : honoured('sent after its last request'),
    'upstream.connectTimeout': honoured('504 after that'),
    'upstream.responseTimeout': honoured('504 after that'),
    'reload.mode': honoured('a new instance first, or the old one stopped first'),
    'reload.maxSurge': honoured('up to this many new instances start in addition to the old ones'),
    'reload.maxUnavailable': honoured('up to this many old instances drain before the new ones are ready'),
    'recycle.maxRequests': notSeen('the count of requests'),
    'recycle.maxRequestsJitter': notSeen('the count of requests'),
    'recycle.lifetime': honoured('the instance is replaced'),
    'recycle.lifetimeJitter': honoured('drawn for each instance'),
    'recycle.memory': notSeen('the memory'),
    'recycle.heap': notSeen('the heap'),
  },
  start: (plan, host) => servePrograms(plan, { host, findSpec: async () => specOf(plan) }),
}

function specOf(plan: LaunchPlan): ProgramSpec {
  const { app } = plan
  if (app.kind !== 'command') throw new TypeError('the backend command runs commands')
  const words = app.command
  const { variables } = plan.upstream
  const named = placeholdersIn([...words, ...Object.values(variables)])
  if (named.has('socket') && (named.has('port') || named.has('host'))) throw twoPlaces(words)
  return {
    title: basename(words[0]),
    place: named.has('socket') ? 'socket' : 'port',
    instances: plan.workers,
    cwd: plan.chdir ?? app.directory,
    stopSignal: plan.upstream.stopSignal,
    commandFor(place) {
      const [command = '', ...args] = fillIn(words, place)
      return {
        command,
        args,
        env: { ...variablesOf(place), ...fillInVariables(variables, place) },
        withheld: placeVariables,
      }
    },
  }
}

/** Of this process they say where the server in front listens. */
const placeVariables = ['PORT', 'HOST'] as const

/**
 * PORT and HOST are read by many programs. FORWARDED_ALLOW_IPS says to Uvicorn and Gunicorn whose forwarded headers count
 * (https://www.uvicorn.org/settings/#http): on a UNIX socket a peer has no address, and only this process reaches it.
 */
function variablesOf(place: PrivatePlace): Record<string, string> {
  return place.kind === 'tcp'
    ? { PORT: String(place.port), HOST: place.host, FORWARDED_ALLOW_IPS: place.host }
    : { FORWARDED_ALLOW_IPS: '*' }
}

function twoPlaces(words: readonly string[]): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `The command \`${words.join(' ')}\` and its variables (--set-env) have both {socket} and {port} or {host}: a program listens at one place.`,
    hint: 'Leave {socket} out, or the other ones.',
    source: 'command',
  })
}
