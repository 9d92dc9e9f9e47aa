import type { conventionalNames } from '../../select-export.ts'
import { type ContractRow, type ContractSection, honoured, refused } from '../contract-row.ts'

type ConventionalName = (typeof conventionalNames)[number]

const itIs = honoured('It is the app, if there is no default export.')

/** How the app is found in its module. */
export const exportRows = {
  title: 'The export that is the app',
  heads: ['the module', 'what happens'],
  programs: refused('LOCKSTEP_ERR_APP_UNFIT', 'Start it as a program: `lockstep exec -- node server.js`.'),
  rows: {
    default: { what: '`export default app`, `module.exports = app`', inNode: honoured('It is the app.') },
    named: {
      what: 'a named export, with `lockstep run app.js:NAME`',
      inNode: honoured('The export of that name is the app.'),
    },
    fetch: {
      what: '`export function fetch(request)`, without a default export',
      inNode: honoured('The module itself is a `{ fetch }` app.'),
    },

    app: { what: '`export const app`, or `module.exports = { app }`', inNode: itIs },
    handler: { what: '`export const handler`, likewise', inNode: itIs },
    server: { what: '`export const server`, likewise', inNode: itIs },
    'app and server': {
      what: '`module.exports = { app, server }`',
      inNode: honoured('The server, if it is one of Node: it has the app as its listener. Else the app.'),
    },
    ambiguous: {
      what: 'two different exports, such as `app` and `handler`',
      inNode: refused('LOCKSTEP_ERR_APP_EXPORT_MISSING', 'Name one: `lockstep run app.js:NAME`.'),
    },
    folder: {
      what: 'a folder, as in `lockstep run .`',
      inNode: honoured(
        'The file that `npm start` starts by `scripts.start` of its package.json, which is read and not run: `node server.js`, or a command of a dependency such as `next start`. Else that of `exports` or `main`, else its index file.',
      ),
    },
    typescript: {
      what: 'TypeScript or JSX',
      inNode: honoured('Loaded without a build, by the tsconfig.json of the app.'),
    },
    'standard decorators': {
      what: 'standard decorators, where tsx is not installed',
      inNode: refused('LOCKSTEP_ERR_APP_LOAD', 'Install it: `npm install -D tsx`.'),
    },
    promise: {
      what: 'a promise of an app',
      inNode: honoured('Lockstep awaits it.'),
    },
    missing: {
      what: 'no such export, or none at all',
      inNode: refused('LOCKSTEP_ERR_APP_EXPORT_MISSING', 'Export the app by default, or name its export.'),
    },
    'not found': {
      what: 'no file under that name',
      inNode: refused('LOCKSTEP_ERR_APP_NOT_FOUND', 'Correct the path.'),
      programs: refused('LOCKSTEP_ERR_PROGRAM_NOT_FOUND', 'Correct the name of the program.'),
    },
    'throws on load': {
      what: 'a module that throws, or a factory that fails',
      inNode: refused('LOCKSTEP_ERR_APP_LOAD', 'The error has the stack of the app.'),
      programs: refused('LOCKSTEP_ERR_PROGRAM_ENDED', 'The error has the last lines of its output.'),
    },
  },
} as const satisfies ContractSection & {
  readonly rows: { readonly [Name in ConventionalName]: ContractRow }
}
