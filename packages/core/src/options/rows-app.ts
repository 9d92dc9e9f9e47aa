import { app } from './app-kind.ts'
import { oneOf } from './kinds.ts'
import { option } from './option-row.ts'
import { words } from './words-kind.ts'

export const appRows = {
  app: option({
    kind: app,
    default: null,
    flags: ['--app'],
    group: 'app',
    summary: 'The app to serve: a module, with an export after a colon if it is not the default one.',
    description:
      'The first argument of the command line, or this option. `./server.js`, `./server.ts:createApp`. ESM, CommonJS and TypeScript are loaded without a build. ' +
      'In the API it may also be the app itself; such an app can not cross a process border, so `cluster` refuses it.',
    takesEffect: 'start',
    station: 'backend',
  }),
  args: option({
    kind: words,
    default: null,
    flags: [],
    group: 'app',
    summary: 'Arguments for the app.',
    description:
      'On the command line, everything after `--`: `lockstep run app.js -- --env prod`. The app finds them in `process.argv` as after `node app.js --env prod`, in every process that serves it; ' +
      'the arguments of the launcher are never there. Unset, there are none. A program that calls `launch()` keeps its own `process.argv` under `single` if this is unset.',
    takesEffect: 'start',
    station: 'backend',
  }),
  interface: option({
    kind: oneOf(['auto', 'node', 'fetch', 'factory']),
    default: 'auto',
    flags: ['--interface'],
    group: 'app',
    summary: 'How the app is called.',
    description:
      '`auto` recognises `(req, res)` functions, `{ fetch }`, Express, Koa, Fastify, Hono, an `http.Server` with a request listener, and a factory without parameters that returns any of them. ' +
      'The others say it outright where a function could be several things: `node` is `(req, res)`, `fetch` is `(request) => Response`, `factory` is called once at the start.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
