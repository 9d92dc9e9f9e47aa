import type { ContractRowName } from '@lockstep/core/internal'

const bySocket = 'Only the system sees this setting of a socket, and not the client or the app.'
const byVersion = 'It depends on the version of Node: some have no such setting.'
const byTerminal = 'It needs a terminal that is closed. `test/launch/signals.test.ts` has one.'
const byModule = 'It needs a module of its own. `test/app/exported-shapes.test.ts` has them.'
const signals = 'The suite stops a server by SIGTERM. `test/launch/signals.test.ts` sends every signal.'
const listener =
  'How listeners end a process is the same for every signal. `test/app/app-signals.test.ts` has each way.'

const listens = 'It needs a program of its own. `test/app/listening-programs.test.ts` has them.'
const byFolder = 'It needs a folder of its own. `test/app/app-folders.test.ts` has them.'
const byTypeScript = 'It needs sources of its own. `test/app/typescript.test.ts` has them.'

/** Rows of the contract that no case of the suite observes, and why. A test fails if a row has neither a case nor a reason. */
export const unobservedRows: { readonly [Name in ContractRowName]?: string } = {
  'listening/path': listens,
  'listening/app second': listens,
  'listening/settings': listens,
  'listening/close': listens,
  'listening/main module': listens,
  'listening/exported and late': listens,
  'listening/free port': listens,
  'listening/child that listens': listens,
  'listening/child that listens later': listens,
  'export/folder': byFolder,
  'export/typescript': byTypeScript,
  'export/standard decorators': byTypeScript,
  'export/fetch': byModule,
  'export/app': byModule,
  'export/server': byModule,
  'export/app and server': byModule,
  'export/ambiguous': byModule,
  'fetch-setting/start and stop':
    'They are called by the code that calls exports. `test/app/lifespan.test.ts` has such an object.',
  'setting/dropMaxConnection': 'What it asks for always holds.',
  'setting/keepAliveTimeoutBuffer': byVersion,
  'setting/connectionsCheckingInterval': 'It decides how exact other times are.',
  'setting/OptimizeEmptyRequestsOption': byVersion,
  'setting/httpValidation': byVersion,
  'setting/noDelay': bySocket,
  'setting/keepAlive': bySocket,
  'setting/keepAliveInitialDelay': bySocket,
  'setting/allowHalfOpen': 'Its default is true, and HTTP servers of Node set it themselves.',
  'setting/unknown':
    'A setting of a later Node does not exist yet. `packages/core/test/serve/server-settings.test.ts` makes one.',
  'event/error': 'It is never emitted.',
  'upgrade/no listener':
    'Without a listener there is nothing to observe but an ordinary answer, as for `upgrade/of http`.',
  'signal/SIGINT': signals,
  'signal/SIGQUIT': signals,
  'signal/SIGHUP': byTerminal,
  'signal/SIGBREAK': 'Only Windows has it. `test/windows/wine.test.ts` stops a server there.',
  'signal/SIGUSR1, SIGUSR2': signals,
  'signal/a listener that throws': listener,
  'signal/a signal to itself': listener,
  'signal/beforeExit': listener,
  'signal/a listener that hangs': listener,
  'message/send':
    'Only the program that called `launch()` gets it. `test/app/app-messages.test.ts` is such a program.',
  'node/preload':
    'It is what Node does, and no part of Lockstep. `test/app/imports.test.ts` has such modules.',
  'node/tls defaults':
    'They are defaults of options. `test/options/node-settings.test.ts` reads them from the plan.',
  'node/as root': 'It needs root. `test/platform/root-trust.test.ts` is such a launch.',
  'node/permission': 'The suite itself needs what Node would deny.',
  'child/child of a killed process':
    'The suite would leave a process behind. `test/faults/dead-primary.test.ts` kills one and looks.',
}
