import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appFile } from '../../app-file.ts'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import { openSecured } from '../../clients/tls/secured-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { serverPair } from '../tls/server-pair.ts'

export const launcherTogetherCases: readonly ConformanceCase[] = [
  {
    id: 'logging/level/and-format-together',
    level: 'MUST',
    requirement: 'With the level debug and the format pretty, the log has lines of that level as text.',
    source: 'docs/options.md: log.level, log.format',
    observes: ['log.level', 'log.format'],
    async run({ start }) {
      const subject = await start({ log: { level: 'debug', format: 'pretty' } })
      await subject.stop()
      assert.match(subject.stderr(), /^\d\d:\d\d:\d\d\.\d{3} DEBUG \[[a-z]+\] /m)
      assert.doesNotMatch(subject.stderr(), /^\{/m)
    },
  },
  {
    id: 'processes/surroundings/folder-umask-and-pid-file',
    level: 'MUST',
    requirement:
      'With chdir, umask and pidFile in one launch, the app has that folder and umask, and the PID file the mode of that umask.',
    source: 'docs/options.md: chdir, umask, pidFile',
    observes: ['chdir', 'umask', 'pidFile'],
    needs: ['posix-modes'],
    async run({ start, folder, runtime, apps }) {
      const inner = join(folder, 'inner')
      mkdirSync(inner)
      const pidFile = join(folder, 'server.pid')
      const subject = await start({ app: apps.observable, chdir: inner, umask: '027', pidFile })
      const seen = JSON.parse((await request({ ...subject, path: '/process' })).body) as Record<
        string,
        unknown
      >
      assert.deepEqual(
        [seen['folder'], seen['umask']],
        [runtime.path(realpathSync(inner)), 0o027],
        'the folder and the umask of the app',
      )
      assert.ok(existsSync(pidFile), 'there is no PID file')
      assert.equal(Number(readFileSync(pidFile, 'utf8')), subject.pid)
      assert.equal(statSync(pidFile).mode & 0o027, 0, 'the mode of the PID file')
    },
  },
  {
    id: 'processes/group/without-a-user-is-refused',
    level: 'MUST',
    requirement: 'A launch with a group and without a user is refused before anything is bound.',
    source: 'docs/options.md: group',
    observes: ['group'],
    needs: ['posix-modes'],
    run: ({ mustRefuse }) => mustRefuse({ group: 'daemon' }, 'LOCKSTEP_ERR_OPTION_CONFLICT'),
  },
  {
    id: 'app/import/refuses-a-missing-module',
    level: 'MUST',
    requirement: 'A launch is refused when a module of import does not exist.',
    source: 'docs/errors.md: LOCKSTEP_ERR_IMPORT_NOT_FOUND',
    observes: ['import'],
    run: ({ mustRefuse, folder }) =>
      mustRefuse({ import: join(folder, 'missing.mjs') }, 'LOCKSTEP_ERR_IMPORT_NOT_FOUND'),
  },
  {
    id: 'app/listen/an-app-port-beside-tls',
    level: 'MUST',
    requirement: 'The app serves a port of appPorts in plain HTTP while its own server is served over TLS.',
    source: 'docs/options.md: appPorts',
    observes: ['appPorts'],
    async run(context) {
      const metrics = await freePort()
      const subject = await context.start({
        app: appFile('listening-program'),
        args: [String(metrics), String(await freePort())],
        appPorts: [metrics],
        tls: serverPair(context),
      })
      assert.match((await request({ ...subject, tls: {} })).body, /^program /)
      assert.equal((await request({ host: '127.0.0.1', port: metrics })).body, 'metrics')
    },
  },
  {
    id: 'app/static/single-page-app-over-tls',
    level: 'MUST',
    requirement:
      'With static.single, a missing page over TLS is answered with /index.html, and a missing file with 404.',
    source: 'docs/options.md: static.single',
    observes: ['static.single', 'static.directory'],
    async run(context) {
      const directory = join(context.folder, 'site')
      mkdirSync(directory)
      writeFileSync(join(directory, 'index.html'), '<h1>page</h1>\n')
      const subject = await context.start({
        app: undefined,
        static: { directory, single: true },
        tls: serverPair(context),
      })
      const seen = await request({ ...subject, tls: {}, path: '/a/page' })
      assert.deepEqual([seen.status, seen.body], [200, '<h1>page</h1>\n'])
      assert.equal((await request({ ...subject, tls: {}, path: '/a/page.css' })).status, 404)
    },
  },
  {
    id: 'app/messages/shutdown-comes-to-an-idle-app',
    level: 'MUST',
    requirement: 'With shutdownWithMessage, an app without a request in flight gets shutdown once.',
    source: 'docs/options.md: shutdownWithMessage',
    observes: ['shutdownWithMessage'],
    async run({ start, folder }) {
      const subject = await start({ app: appFile('messaging-app'), shutdownWithMessage: true })
      assert.equal((await request({ ...subject, path: '/' })).status, 200)
      await subject.stop()
      const file = join(folder, 'messages.txt')
      const notes = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
      assert.deepEqual(
        notes.filter((note) => note.startsWith('message ')),
        ['message "shutdown"'],
      )
    },
  },
  {
    id: 'binding/backlog/holds-for-every-address',
    level: 'MUST',
    requirement: 'The kernel reports the given backlog for each of two addresses.',
    source: 'listen(2)',
    observes: ['backlog'],
    needs: ['ss'],
    async run({ start }) {
      const { addresses } = await start({
        bind: ['127.0.0.1:0', '127.0.0.2:0'],
        host: undefined,
        port: undefined,
        backlog: 23,
      })
      for (const address of addresses) {
        assert.ok(address.kind === 'tcp')
        const rows = execFileSync('ss', ['-Hltn', `sport = :${address.port}`], { encoding: 'utf8' })
        // For a listening socket, the column Send-Q is its backlog: ss(8).
        for (const row of rows.trim().split('\n')) assert.equal(row.trim().split(/\s+/)[2], '23', row)
      }
    },
  },
  {
    id: 'limits/send-timeout/holds-over-tls',
    level: 'MUST',
    requirement:
      'Over TLS too, the server cuts an answer when the client reads nothing of it for the send timeout.',
    source: 'docs/options.md: timeouts.send',
    observes: ['timeouts.send'],
    async run(context) {
      const file = join(context.folder, 'access.log')
      const subject = await context.start({
        timeouts: { send: '600ms' },
        accessLog: { file, format: 'json' },
        tls: serverPair(context),
      })
      const connection = await openSecured({ ...subject })
      connection.pause()
      connection.send('GET /large-in-pieces HTTP/1.1\r\nHost: localhost\r\n\r\n')
      const line = await poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), {
        until: (text) => text.includes('/large-in-pieces'),
        what: 'the end of the answer in the access log',
      })
      connection.destroy()
      assert.equal((JSON.parse(line) as { complete: boolean }).complete, false)
    },
  },
]
