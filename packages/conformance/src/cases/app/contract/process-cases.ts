import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { basename, join, win32 } from 'node:path'
import { request } from '../../../clients/http/node-client.ts'
import { poll } from '../../../clients/poll.ts'
import { type ContractCase, contractApp } from './contract-case.ts'

const app = contractApp('process')
const source = 'docs/app-contract.md'

type Address = { readonly host: string; readonly port: number }

async function facts(address: Address): Promise<Record<string, unknown>> {
  return JSON.parse((await request({ ...address, path: '/facts' })).body) as Record<string, unknown>
}

/** This many refused connections in a row mean that the server has ended. A server that replaces a process may refuse a few. */
const refusalsOfAnEnd = 10

export const processCases: readonly ContractCase[] = [
  {
    id: 'app/process/is-what-an-app-expects',
    level: 'MUST',
    requirement:
      'An app finds its arguments, variables, folder and flags of Node in its process, and can use processes and threads.',
    source,
    observes: ['app', 'args'],
    contract: [
      'process/argv',
      'process/execArgv',
      'process/env',
      'process/cwd',
      'process/title',
      'process/stdout',
      'process/uncaughtException',
      'process/handler throws',
      'node/flags',
      'child/child process',
      'child/worker thread',
    ],
    async run({ start, folder, runtime }) {
      const subject = await start(
        { app, args: ['--env', 'prod'] },
        { variables: { SUITE_VARIABLE: 'a value', NODE_OPTIONS: '--stack-trace-limit=7' } },
      )
      const seen = await facts(subject)
      assert.deepEqual(seen['argv'], ['--env', 'prod'])
      assert.deepEqual(seen['execArgv'], [])
      assert.equal(seen['variable'], 'a value')
      // On Windows the app sees a path of Windows, and the suite need not run there.
      assert.equal(win32.basename(String(seen['folder'])), basename(folder))
      // On Windows it is the title of the console, which a server need not have (libuv, uv_set_process_title).
      if (runtime.platform !== 'win32') assert.equal(seen['title'], 'a title of the app')
      assert.equal(seen['stackTraceLimit'], 7)
      assert.match(subject.stdout(), /the app writes this/)
      assert.equal((await request({ ...subject, path: '/handler-throws' })).status, 500)
      assert.equal((await request({ ...subject, path: '/caught' })).body, 'caught')
      assert.equal((await request({ ...subject, path: '/child' })).body, 'a child\n')
      assert.equal((await request({ ...subject, path: '/thread' })).body, 'the thread ended with 5')
      assert.equal((await facts(subject))['pid'], seen['pid'], 'the process serves on')
    },
  },
  {
    id: 'app/process/one-that-ends-is-replaced-or-ends-the-server',
    level: 'MUST',
    requirement:
      'An app that ends its process while it serves ends the server if it is its only process, and else gets a new one.',
    source,
    observes: ['app', 'backend'],
    contract: ['process/exit while serving', 'process/uncaught while serving'],
    async run({ start, backend }) {
      for (const path of ['/exit', '/throw']) {
        const subject = await start({ app })
        const { body: pid } = await request({ ...subject, path })
        let refusals = 0
        const hasEnded = (status: number | null): boolean => {
          refusals = status === null ? refusals + 1 : 0
          return backend.name !== 'cluster' && refusals === refusalsOfAnEnd
        }
        await poll(() => request({ ...subject, path: '/facts' }), {
          until: ({ status, body }) =>
            hasEnded(status) ||
            (backend.name !== 'single' && status === 200 && !body.includes(`"pid":${pid},`)),
          what: `what follows ${path}`,
        })
      }
    },
  },
  {
    id: 'app/process/standard-input',
    level: 'MUST',
    requirement: 'An app reads the standard input of the launcher under `single`, and its end in a worker.',
    source,
    observes: ['app', 'backend'],
    contract: ['process/stdin'],
    async run({ start }) {
      const subject = await start({ app })
      // That of the suite's subjects is at its end as well.
      const seen = await poll(() => facts(subject), {
        until: ({ stdin }) => stdin === 'ended',
        what: 'the end of standard input',
      })
      assert.equal(seen['stdin'], 'ended')
    },
  },
  {
    id: 'app/process/variables-of-the-file',
    level: 'MUST',
    requirement: 'An app finds the variables of `.env` in its environment.',
    source,
    observes: ['app'],
    contract: ['process/.env'],
    // A program that calls launch() decides about its own environment.
    doors: ['command'],
    async run({ start, folder }) {
      writeFileSync(join(folder, '.env'), 'OF_THE_FILE=from the file\nSUITE_VARIABLE=from the file\n')
      const subject = await start({ app }, { variables: { SUITE_VARIABLE: 'from outside' } })
      const seen = await facts(subject)
      assert.deepEqual([seen['ofFile'], seen['variable']], ['from the file', 'from outside'])
    },
  },
  {
    id: 'app/process/one-that-ends-before-it-is-ready-is-reported',
    level: 'MUST',
    requirement: 'A launch fails when the app ends its process before it is ready.',
    source,
    observes: ['app'],
    contract: ['process/exit before ready', 'process/uncaught before ready'],
    // Under `launch()` and `single` the app ends the process of the program around it.
    doors: ['command'],
    async run({ startRefused }) {
      const failing = contractApp('failing')
      const exit = await startRefused({ app: failing }, { variables: { SUITE_FAILS: 'exit' } })
      assert.equal(exit.code, 'LOCKSTEP_ERR_WORKER_BOOT')
      assert.match(exit.message, /exit code 9/)
      const uncaught = await startRefused({ app: failing }, { variables: { SUITE_FAILS: 'uncaught' } })
      assert.equal(uncaught.code, 'LOCKSTEP_ERR_APP_CRASH')
      assert.match(uncaught.message, /nothing catches this/)
    },
  },
  {
    id: 'app/node/inspector-is-opened',
    level: 'MUST',
    requirement: 'With `--inspect` in NODE_OPTIONS, each process that serves opens an inspector.',
    source,
    observes: ['app'],
    contract: ['node/inspect'],
    async run({ start, backend, declines }) {
      const subject = await start({ app }, { variables: { NODE_OPTIONS: '--inspect=127.0.0.1:0' } })
      // Node opens it in the main thread alone.
      if (backend.lacks?.includes('processes')) declines('processes that serve')
      assert.match(String((await facts(subject))['inspector']), /^ws:\/\/127\.0\.0\.1:\d+\//)
    },
  },
  {
    id: 'app/node/header-size-is-a-default',
    level: 'MUST',
    requirement: '`--max-http-header-size` of Node is the default of the limit of header bytes.',
    source,
    observes: ['limits.headerBytes'],
    contract: ['node/header size'],
    // A program that calls launch() is the one that was started with that flag.
    doors: ['launch', 'command'],
    async run({ start }) {
      const subject = await start({ app }, { variables: { NODE_OPTIONS: '--max-http-header-size=65536' } })
      const headers = [['Cookie', 'a'.repeat(30_000)]] as const
      assert.equal((await request({ ...subject, path: '/facts', headers })).status, 200)
    },
  },
  {
    id: 'app/node/unsafe-settings-are-refused',
    level: 'MUST',
    requirement: 'A launch is refused when Node is set to a lenient parser or to accept any certificate.',
    source: 'docs/errors.md: LOCKSTEP_ERR_NODE_SETTING',
    observes: ['app'],
    contract: ['node/unsafe', 'node/any certificate'],
    doors: ['command'],
    async run({ startRefused }) {
      const { faults } = await startRefused(
        { app },
        { variables: { NODE_OPTIONS: '--insecure-http-parser', NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
      )
      assert.deepEqual(
        faults.map(({ code }) => code),
        ['LOCKSTEP_ERR_NODE_SETTING', 'LOCKSTEP_ERR_NODE_SETTING'],
      )
      const text = faults.map(({ message }) => message).join(' ')
      for (const setting of ['--insecure-http-parser', 'NODE_TLS_REJECT_UNAUTHORIZED'])
        assert.ok(text.includes(setting), setting)
    },
  },
  {
    id: 'app/messages/what-cannot-be-sent',
    level: 'MUST',
    requirement: 'An app gets the error of Node for a message that cannot be sent.',
    source: 'docs/messages.md',
    observes: ['app'],
    contract: [
      'message/handle',
      'message/too large',
      'message/not JSON',
      'message/after disconnect',
      'message/channel',
      'message/connected',
    ],
    // In the process of a program that calls launch(), messages are those of that program.
    doors: ['command'],
    async run({ start }) {
      const subject = await start({ app: contractApp('messages') })
      const ask = async (path: string): Promise<unknown> =>
        JSON.parse((await request({ ...subject, path })).body)
      assert.deepEqual(await ask('/'), {
        plain: 'sent',
        handle: 'ERR_INVALID_HANDLE_TYPE',
        large: 'ERR_OUT_OF_RANGE',
        deep: 'ERR_OUT_OF_RANGE',
        function: 'ERR_INVALID_ARG_TYPE',
        connected: true,
        channel: 'function',
      })
      assert.deepEqual(await ask('/disconnect'), {
        afterDisconnect: 'ERR_IPC_CHANNEL_CLOSED',
        connected: false,
      })
    },
  },
]
