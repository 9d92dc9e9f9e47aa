import { app } from '../kinds/app-kind.ts'
import { appPorts } from '../kinds/bind-address.ts'
import { oneOf, path, toggle } from '../kinds/kinds.ts'
import { modules } from '../kinds/modules-kind.ts'
import { words } from '../kinds/words-kind.ts'
import { option } from '../option-row.ts'

export const appRows = {
  app: option({
    kind: app,
    default: null,
    flags: ['--app'],
    group: 'app',
    summary: 'The app to serve: a module or a folder. Add :EXPORT for an export other than the default.',
    description:
      "The first argument of the command line, or this option: `./server.js`, `./server.ts:createApp`. ESM, CommonJS and TypeScript need no build step. Of a folder, the file is served that `scripts.start` of its package.json starts (the script is read and not run), else that of `exports` or `main`, else its index file; `lockstep plan` says which and why. In the API it may also be the app itself. `cluster` refuses such an app, because a function can't be sent to another process.",
    takesEffect: 'start',
    station: 'backend',
  }),
  command: option({
    kind: words,
    default: null,
    flags: [],
    group: 'app',
    summary: 'A program to start and to serve, with its arguments, instead of an app.',
    description:
      'On the command line, everything after `--` of `lockstep exec`: `lockstep exec -- python server.py --port {port}`. Any program in any language that speaks HTTP/1.1. It gets a private address: `{port}`, `{host}` and `{socket}` in its arguments are replaced, and the variables PORT and HOST are set. Lockstep serves the public addresses in front of it. It is started without a shell.',
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
      'On the command line, everything after `--`: `lockstep run app.js -- --env prod`. The app finds them in `process.argv`, as after `node app.js --env prod`, in every process that serves it. Arguments of the launcher are not in there. A program that calls `launch()` keeps its own `process.argv` under `single` when this option is unset.',
    takesEffect: 'start',
    station: 'backend',
  }),
  import: option({
    kind: modules,
    default: null,
    flags: ['--import'],
    aliases: [
      { flag: '--require', of: 'node' },
      { flag: '-r', of: 'node' },
    ],
    group: 'app',
    summary: 'Load this module before the app. May be given several times.',
    description:
      'For instrumentation that must see the modules of the app, such as OpenTelemetry or Sentry: `lockstep run app.js --import ./instrument.mjs`. A path begins with `./`, `../` or `/` and starts where the option is set. Anything else is a package, which is looked for where the app is. ES modules, CommonJS and TypeScript work. They are loaded in their order, once in every process that serves, also in each new worker, and after the change to `user`. `NODE_OPTIONS=--import` works too, but also loads them into the launcher.',
    takesEffect: 'start',
    station: 'backend',
  }),
  appPorts: option({
    kind: appPorts,
    default: null,
    flags: ['--app-port'],
    group: 'app',
    summary: 'Let the app open this port itself, as for metrics. May be given several times.',
    description:
      '`PORT` at any address, or `HOST:PORT`. Without this option, the launch refuses another TCP server that the app opens. Lockstep neither secures nor drains connections to these ports. An HTTP server that listens there is never taken for the app. Under `cluster` the primary binds the port once, and each connection reaches one of the workers; Windows has no such sharing, so `cluster` refuses it there.',
    takesEffect: 'start',
    station: 'backend',
  }),
  interface: option({
    kind: oneOf(['auto', 'node', 'fetch', 'factory']),
    default: 'auto',
    flags: ['--interface'],
    group: 'app',
    summary: 'How to call the app.',
    description:
      '`auto` recognises `(req, res)` functions, `{ fetch }`, Express, Koa, Fastify, Hono, an `http.Server` with a request listener, and a factory without parameters that returns any of these. Name the interface where a function could be several of them: `node` is `(req, res)`, `fetch` is `(request) => Response`, and `factory` is called once at the start.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'static.directory': option({
    kind: path('the path of a folder', 'folders'),
    default: null,
    flags: ['--static-directory'],
    group: 'app',
    summary: 'Serve the files of this folder, instead of an app.',
    description:
      'The argument of `lockstep serve`: `lockstep serve ./public`. GET and HEAD, with ETag, conditional requests and byte ranges. `index.html` is served for a folder, and a file with `.br` or `.gz` added instead of the file itself where the client accepts it. Names that begin with a dot are never served, except below `/.well-known/`, and neither is what a symbolic link names outside the folder or under such a name. A file that this user may not read is answered with 403. A changed file is served at once: `Cache-Control: public, max-age=0` lets clients ask each time.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'static.single': option({
    kind: toggle,
    default: false,
    flags: ['--single'],
    group: 'app',
    summary: 'Serve /index.html for a page that is not in the folder, for an app with paths of its own.',
    description:
      'For single-page apps beside `static.directory`: `lockstep serve ./dist --single`. A path whose last part has a dot is a file, and is answered with 404 when it is missing.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
