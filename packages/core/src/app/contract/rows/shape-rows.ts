import type { RecognisedKind } from '../../recognise-app.ts'
import { type ContractRow, type ContractSection, honoured, refused } from '../contract-row.ts'

/** What an export may be. The first rows are those that are recognised by their shape: a recogniser without a row breaks the build. */
export const shapeRows = {
  title: 'What the export may be',
  heads: ['the export', 'what happens'],
  programs: refused('LOCKSTEP_ERR_APP_UNFIT', 'Start it as a program: `lockstep exec -- node server.js`.'),
  rows: {
    'http.Server': {
      what: 'an `http.Server` that listens for requests or upgrades',
      inNode: honoured('Served with its settings and listeners; see below.'),
    },
    WebSocketServer: {
      what: 'a `WebSocketServer` of ws, with `noServer` or a `server`',
      inNode: honoured('It gets upgrades to `websocket`. A request gets 426.'),
    },
    Fastify: {
      what: 'an app of Fastify',
      inNode: honoured('`ready()` is awaited before it serves, and `close()` after the drain.'),
    },
    Koa: { what: 'an app of Koa', inNode: honoured('Its `callback()` is served.') },
    Express: {
      what: 'an app of Express 4 or 5, also with express-ws',
      inNode: honoured('Served. The WebSockets of express-ws are served too.'),
    },
    Hono: { what: 'an app of Hono', inNode: honoured('Its `fetch` is served.') },
    '{ fetch }': {
      what: '`{ fetch(request) }`',
      inNode: honoured('Called with a `Request`, and with what Bun and Deno pass as a second parameter.'),
    },
    '(req, res)': {
      what: 'a function `(req, res)`',
      inNode: honoured('Called with the request and the response of Node.'),
    },
    '(req, res, next)': {
      what: 'a function `(req, res, next)`',
      inNode: honoured('`next()` ends in 404, and `next(error)` in the status of the error or in 500.'),
    },
    '(error, req, res, next)': {
      what: 'a function with four parameters',
      inNode: refused(
        'LOCKSTEP_ERR_APP_UNRECOGNISED',
        'It handles errors: export the app to which it belongs.',
      ),
    },
    'part of an app': {
      what: 'a plugin `(fastify, options)` of Fastify, or a middleware `(ctx, next)` of Koa, by the names of the parameters',
      inNode: refused(
        'LOCKSTEP_ERR_APP_UNRECOGNISED',
        'It is a part of an app: export the app. fastify-cli starts a plugin.',
      ),
    },
    '(request) => Response': {
      what: 'a function of the Fetch API, with `--interface fetch`',
      inNode: honoured('Called with a `Request`.'),
    },
    factory: {
      what: 'a function without parameters, or with `--interface factory`',
      inNode: honoured('Called once. What it returns, or resolves with, is the app.'),
    },
    'one parameter': {
      what: 'a function with one parameter, without `--interface`',
      inNode: refused('LOCKSTEP_ERR_APP_UNRECOGNISED', 'It could be several things: set `--interface`.'),
    },
    unrecognised: {
      what: 'a class, or anything else',
      inNode: refused('LOCKSTEP_ERR_APP_UNRECOGNISED', 'The error says what it is, and what can be served.'),
    },
  },
} as const satisfies ContractSection & {
  readonly rows: { readonly [Kind in RecognisedKind]: ContractRow }
}
