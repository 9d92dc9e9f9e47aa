import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const loggingCases: readonly ConformanceCase[] = [
  {
    id: 'logging/level/filters',
    level: 'MUST',
    requirement: 'The log has the lines at the level, and none below it.',
    source: 'docs/options.md: log.level',
    observes: ['log.level'],
    async run({ start }) {
      const silent = await start({ log: { level: 'silent' } })
      await silent.stop()
      assert.equal(silent.stderr(), '')
      const talkative = await start({ log: { level: 'debug', format: 'json' } })
      await talkative.stop()
      const levels = new Set(jsonLines(talkative.stderr()).map(({ level }) => level))
      assert.ok(levels.has('debug') && levels.has('info'), `it wrote ${[...levels].join(', ')}`)
    },
  },
  {
    id: 'logging/format/json-or-pretty',
    level: 'MUST',
    requirement: 'The log has the configured format, JSON or text, and each line names its process.',
    source: 'docs/options.md: log.format',
    observes: ['log.format'],
    async run({ start }) {
      const json = await start({ log: { format: 'json' } })
      await json.stop()
      const lines = jsonLines(json.stderr())
      assert.ok(lines.length > 0)
      for (const line of lines)
        assert.ok(
          typeof line['process'] === 'string' &&
            typeof line['pid'] === 'number' &&
            typeof line['timestamp'] === 'string',
          JSON.stringify(line),
        )
      const pretty = await start({ log: { format: 'pretty' } })
      await pretty.stop()
      assert.match(pretty.stderr(), /^\d\d:\d\d:\d\d\.\d{3} INFO {2}\[[a-z]+\] stopping/m)
    },
  },
  {
    id: 'logging/access-log/combined',
    level: 'MUST',
    requirement: 'Each request is one line in the combined format, whatever the client sends.',
    source: 'Apache HTTP Server 2.4, Log Files: combined',
    observes: ['accessLog.file', 'accessLog.format'],
    async run({ start, folder }) {
      const file = join(folder, 'access.log')
      const subject = await start({ accessLog: { file } })
      await request({ ...subject, path: '/somewhere?x=1', headers: [['User-Agent', 'a "client" \\ 1']] })
      const line = await poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), {
        until: (text) => text.endsWith('\n'),
        what: 'a line in the access log',
      })
      assert.match(
        line,
        /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/somewhere\?x=1 HTTP\/1\.1" 200 \d+ "-" "a \\x22client\\x22 \\x5C 1"\n$/,
      )
    },
  },
  {
    id: 'logging/access-log/json',
    level: 'MUST',
    requirement: 'Each request is a JSON object with status, bytes, duration and the process that answered.',
    source: 'docs/options.md: accessLog.format',
    observes: ['accessLog.format', 'accessLog.file'],
    async run({ start, certificates, isFront }) {
      const { server } = certificates
      const subject = await start({
        accessLog: { file: '-', format: 'json' },
        tls: { cert: server.certFile, key: server.keyFile },
      })
      const { body } = await request({ ...subject, path: '/pid', tls: {} })
      // A command writes there too that it is ready.
      const accesses = (): Record<string, unknown>[] =>
        jsonLines(subject.stdout()).filter(({ type }) => type === 'access')
      const [line] = await poll(accesses, {
        until: (lines) => lines.length > 0,
        what: 'a line on standard output',
      })
      const { pid } = isFront ? subject : (JSON.parse(body) as { pid: number })
      const { method, target, status, bytes, tlsVersion, complete } = line ?? {}
      assert.deepEqual(
        { method, target, status, bytes, tlsVersion, complete, pid: line?.['pid'] },
        {
          method: 'GET',
          target: '/pid',
          status: 200,
          bytes: body.length,
          tlsVersion: 'TLSv1.3',
          complete: true,
          pid,
        },
      )
    },
  },
]

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as Record<string, unknown>
      } catch {
        throw new assert.AssertionError({ message: `this line is not JSON: ${line}` })
      }
    })
}
