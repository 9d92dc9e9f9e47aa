import { type ContractSection, honoured, refused } from '../contract-row.ts'

const elsewhere = 'LOCKSTEP_ERR_APP_LISTENS_ITSELF'

/** A program that listens by itself. */
export const listeningRows = {
  title: 'Programs that listen by themselves',
  heads: ['the app', 'what happens'],
  programs: refused(
    'LOCKSTEP_ERR_PROGRAM_EXPOSED',
    'A program listens where Lockstep asks it to, and nowhere where other machines reach it.',
  ),
  rows: {
    'first server': {
      what: 'the first HTTP server that listens while the app boots',
      inNode: honoured(
        'It binds nothing, and is served as if the module had exported it. One at a port of `--app-port` is passed over.',
      ),
    },
    'app second': {
      what: 'another one first, such as one for metrics, and the app at the port that the user sets (`PORT`, `--port`)',
      inNode: refused(
        elsewhere,
        'Name the port of the other one with `--app-port`. If the app listens once the first one is served, the process ends.',
      ),
    },
    port: {
      what: '`listen(8080)`, `listen(8080, host)`, `listen({ port, host })`',
      single: honoured(
        'Served there. `--port` replaces the port, `--host` the host, `--bind` both. Without a host: every interface. Under root with `--user`, that user binds it: a port that only root may bind needs `--host` and `--port`.',
      ),
      cluster: honoured(
        'The same. The primary binds what the workers ask for, which must be the same in all of them.',
      ),
    },
    path: {
      what: '`listen(path)`, `listen({ fd })`',
      inNode: honoured('Served there, unless an option sets an address.'),
    },
    settings: {
      what: '`backlog`, `ipv6Only`, `signal`, `exclusive`',
      inNode: honoured(
        'They hold. `--backlog` and `--host` override the first two. The last one concerns only workers of node:cluster.',
      ),
    },
    'other settings': {
      what: '`reusePort`, `readableAll`, `writableAll`',
      inNode: refused('LOCKSTEP_ERR_APP_SERVER_SETTING', 'Leave it out. The error names the option for it.'),
    },
    callback: {
      what: 'its callback, `listening`, `address()`',
      inNode: honoured(
        'As if it had bound: they come when Lockstep has bound, with the address that is served.',
      ),
    },
    close: {
      what: '`close()`',
      single: honoured(
        'Ends the server as SIGTERM does. After the drain, its callback is called without an error.',
      ),
      cluster: honoured(
        'Ends the worker, which is replaced; more and more slowly, if that happens soon after each start. After the drain, its callback is called without an error.',
      ),
    },
    'main module': {
      what: '`require.main === module`, `import.meta.main`',
      inNode: honoured('True. Under `launch()` with `single`, the program that calls it is the main module.'),
    },
    later: {
      what: '`listen()` after an `await`, when nothing is exported, or a function that the module calls itself',
      inNode: honoured('Waited for until `--boot-timeout`, or until nothing is left that the program does.'),
    },
    never: {
      what: 'no export, and no `listen()`',
      inNode: refused(
        'LOCKSTEP_ERR_BOOT_TIMEOUT',
        'The error says what the program is busy with, and where else its process listens.',
      ),
    },
    'free port': {
      what: 'looks for a free port before `listen()`, as get-port and detect-port do, or with an HTTP server that answers nothing',
      single: honoured('It finds what is free.'),
      cluster: honoured(
        'The same. Neither the other workers nor the primary are in the way of the port that is served.',
      ),
    },
    'exported too': {
      what: 'exports the same app that listens',
      inNode: honoured(
        'Served once. `start()`, `stop()` and factories are not called: the program has started itself.',
      ),
    },
    'exported and late': {
      what: 'exports its app, and listens after that',
      inNode: honoured(
        'The export is served at once, where the options say. The server seems to listen there, and its `close()` counts. It is refused when it has settings or WebSockets that the export has not.',
      ),
    },
    'another app': {
      what: 'exports one app, and lets another one listen',
      inNode: refused(elsewhere, 'Leave one of them out.'),
    },
    'another server': {
      what: 'opens another server of TCP, such as one for metrics',
      single: {
        honoured: 'At a port of `--app-port`.',
        refused: elsewhere,
        says: 'Else the launch fails. Once the server is announced, the other one gets `error`.',
      },
      cluster: {
        honoured:
          'At a port of `--app-port`, which the primary binds once: each connection reaches one of the workers. Not on Windows.',
        refused: elsewhere,
        says: 'Else the launch fails. Once the server is announced, the other one gets `error`.',
      },
    },
    'own socket': {
      what: 'opens a UNIX domain socket or a named pipe beside the app',
      inNode: honoured('It listens.'),
    },
    'child that listens': {
      what: 'a child process or a thread that listens at a port of TCP before the server is ready',
      inNode: refused(
        'LOCKSTEP_ERR_VERIFY_FAILED',
        'Leave it out, or allow the port with `--app-port` under `single`.',
      ),
    },
    'child that listens later': {
      what: 'the same after that, and in a new worker',
      inNode: honoured(
        'It listens, beside what is secured and drained. The log warns of it, with the process, the port and the cure: within a minute on Linux, within three elsewhere. On Windows only threads are seen.',
      ),
    },
    'node:cluster': {
      what: '`fork()` of `node:cluster`',
      inNode: refused('LOCKSTEP_ERR_APP_FORKS', 'Lockstep starts the workers: `--workers N`.'),
    },
  },
} as const satisfies ContractSection
