import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CaseContext } from '../../case-context.ts'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { inTime } from '../../clients/missed-deadline.ts'
import type { Observation } from '../../clients/observation.ts'
import { poll } from '../../clients/poll.ts'
import { processesIn } from '../../clients/processes-in.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

const source = 'docs/writing-a-backend.md: stop({ urgency, signal })'
const signalledApp = fileURLToPath(new URL('../../apps/signalled-app.js', import.meta.url))

/** The app may have a second for what it holds; the rest is for a busy machine. */
const urgentMs = 6_000

/** How long the server is not ready before it stops accepting, and how long its event loop is then blocked. */
const delayMs = 3_000
const queued = 40

export const stopCases: readonly ConformanceCase[] = [
  {
    id: 'backend/stop/graceful-once-and-again',
    level: 'MUST',
    requirement:
      'stop() lets requests end, settles however often it is called, and leaves nothing bound and no process.',
    source,
    observes: ['timeouts.graceful'],
    promises: ['stop/graceful', 'stop/again', 'stop/leaves-nothing', 'stopped/by-stop'],
    doors: ['backend'],
    async run(context) {
      const port = await freePort()
      const { subject, slow } = await startSlow(context, { ms: 700, port })
      assert.equal(await subject.ask('stopped'), null, '`stopped` has settled before the stop')
      const stops = [subject.ask('stop', {}), subject.ask('stop', {})]
      await Promise.all(stops)
      assert.equal((await slow).status, 200, 'the request in flight was not answered')
      assert.deepEqual(await subject.ask('stopped'), { error: null }, 'how `stopped` settles')
      await subject.ask('stop', { urgency: 'kill' })
      await context.mustBeFree(port)
      if (context.runtime.platform === 'linux' && process.platform === 'linux')
        assert.deepEqual(processesIn(context.folder), [subject.pid], 'the processes that are left')
    },
  },
  ...(['hurry', 'kill'] as const).map(
    (urgency): ConformanceCase => ({
      id: `backend/stop/${urgency}-is-not-graceful`,
      level: 'MUST',
      requirement: `stop({ urgency: '${urgency}' }) cuts a request in flight, whatever the graceful timeout is.`,
      source,
      observes: ['timeouts.graceful'],
      promises: [`stop/${urgency}`],
      doors: ['backend'],
      async run(context) {
        const { subject, slow } = await startSlow(context, { ms: 15_000 })
        await inTime(subject.ask('stop', { urgency }), urgentMs, `stop({ urgency: '${urgency}' }) to settle`)
        assert.notEqual((await slow).outcome, 'served', 'the request was waited for')
      },
    }),
  ),
  {
    id: 'backend/stop/a-more-urgent-one-takes-effect',
    level: 'MUST',
    requirement: 'stop({ urgency: "hurry" }) during a graceful stop cuts what that one waits for.',
    source,
    observes: ['timeouts.graceful'],
    promises: ['stop/more-urgent'],
    doors: ['backend'],
    async run(context) {
      const { subject, slow } = await startSlow(context, { ms: 15_000 })
      const graceful = subject.ask('stop', { urgency: 'graceful' })
      graceful.catch(() => undefined)
      await inTime(
        subject.ask('stop', { urgency: 'hurry' }),
        urgentMs,
        'a stop in a hurry to settle during a graceful one',
      )
      await inTime(graceful, urgentMs, 'the graceful stop to settle after the one in a hurry')
      assert.notEqual((await slow).outcome, 'served', 'the request was waited for')
    },
  },
  {
    id: 'backend/stop/the-drain-delay-and-its-end',
    level: 'MUST',
    requirement:
      'During the drain delay the server serves, and says that it is not ready. A more urgent stop ends the delay.',
    source,
    observes: ['timeouts.drainDelay', 'health.ready'],
    promises: ['stop/drain-delay', 'stop/skips-the-delay'],
    doors: ['backend'],
    async run({ start }) {
      const subject = await start({ timeouts: { drainDelay: '18s' }, health: { ready: '/ready' } })
      const status = async (path: string): Promise<number | null> =>
        (await request({ ...subject, path })).status
      assert.equal(await status('/ready'), 200)
      const graceful = subject.ask('stop', {})
      graceful.catch(() => undefined)
      await poll(() => status('/ready'), { until: (seen) => seen === 503, what: '/ready to say 503' })
      // A drain without a delay closes the port in less.
      await pause(1_000)
      assert.equal(await status('/'), 200, 'it does not serve during the drain delay')
      await inTime(
        subject.ask('stop', { urgency: 'hurry' }),
        urgentMs,
        'a stop in a hurry to settle during the drain delay',
      )
      await inTime(graceful, urgentMs, 'the graceful stop to settle after the one in a hurry')
    },
  },
  {
    id: 'backend/stop/serves-the-queues-at-the-end-of-the-delay',
    level: 'MUST',
    requirement:
      'Connections that wait in the queue of a listener when the drain delay ends are served, and not reset.',
    source: 'docs/writing-a-backend.md: closeAfterQueue(); RFC 9293 section 3.10.7.4',
    observes: ['timeouts.graceful', 'timeouts.drainDelay'],
    promises: ['stop/queues'],
    doors: ['backend'],
    async run({ start }) {
      const subject = await start({
        timeouts: { graceful: '15s', drainDelay: `${delayMs}ms` },
        health: { ready: '/ready' },
      })
      const busy = await openRaw(subject)
      const begun = performance.now()
      const stopping = subject.ask('stop', {})
      stopping.catch(() => undefined)
      await poll(async () => (await request({ ...subject, path: '/ready' })).status, {
        until: (status) => status === 503,
        what: '/ready to say 503',
      })
      // The delay ends while the event loop is blocked, so its end comes before the next look at the queue.
      busy.send(`GET /block?ms=${delayMs} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      await busy.until('HTTP/1.1 200', delayMs)
      const opened = await Promise.allSettled(
        Array.from({ length: queued }, async () => {
          const connection = await openRaw(subject)
          connection.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
          return { connection, isInTime: performance.now() - begun < delayMs }
        }),
      )
      // On a slow machine a client may come after the delay. It need not be served.
      const waiting = opened.flatMap((one) =>
        one.status === 'fulfilled' && one.value.isInTime ? [one.value.connection] : [],
      )
      assert.notEqual(waiting.length, 0, 'no client could connect during the drain delay')
      await Promise.all(waiting.map((connection) => connection.closedByPeer(15_000)))
      await stopping
      const served = waiting.filter((connection) => connection.received().startsWith('HTTP/1.1 200 '))
      assert.equal(
        served.length,
        waiting.length,
        'connections that waited in the queue when the port was closed, and were answered',
      )
    },
  },
  {
    id: 'backend/stop/its-signal-reaches-the-app',
    level: 'MUST',
    requirement:
      "In processes that the backend starts, stop() calls the app's own listeners for its signal, after the drain.",
    source,
    observes: ['workers'],
    promises: ['stop/signal'],
    doors: ['backend'],
    async run({ start, folder, isFront, backend }) {
      const subject = await start({ app: signalledApp, workers: 2 })
      await subject.ask('stop', { signal: 'SIGINT' })
      const file = join(folder, 'signals.txt')
      const notes = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
      const heard = notes.filter((note) => note.startsWith('SIG'))
      // A program gets the signal of `upstream.stopSignal`. Threads get none.
      const expected = backend.lacks?.includes('processes') ? [] : isFront ? 'SIGTERM 15' : 'SIGINT 2'
      assert.deepEqual(heard, [expected, expected].flat(), `what the app has noted: ${notes.join(', ')}`)
    },
  },
]

/** A subject with a request in flight. */
async function startSlow(
  { start }: CaseContext,
  { ms, port = 0 }: { ms: number; port?: number },
): Promise<{ subject: Subject; slow: Promise<Observation> }> {
  const subject = await start({ port, timeouts: { graceful: '15s' } })
  const slow = request({ ...subject, path: `/slow?ms=${ms}`, deadlineMs: 19_000 })
  await poll(async () => (await request({ ...subject, path: '/in-flight' })).body, {
    until: (body) => body.includes('"slow":1'),
    what: 'the request to be in flight',
  })
  return { subject, slow }
}
