import type { Server } from 'node:http'
import type { Server as NetServer } from 'node:net'
import type { AskedListen, ListenCall } from './asked-listen.ts'
import type { CapturedServer } from './captured-server.ts'

/** A server of TCP that is open while the app boots. */
export interface PassingServer {
  readonly server: NetServer
  readonly asked: AskedListen
}

/**
 * Decides in the next turn about an HTTP server that may only look for a free port. Many get their listeners right after `listen()`, as in
 * `io.attach(server.listen(3000))`. Another one listens as Node lets it. It is captured after all when it gets a listener or is not closed.
 */
export function judgeLooker(
  early: CapturedServer,
  call: ListenCall,
  {
    answered,
    passing,
    passingMs,
    isUndecided,
    capture,
    decide,
    open,
  }: {
    /** The events that an app answers. */
    answered: readonly string[]
    passing: PassingServer[]
    /** What a program may take to close such a server. */
    passingMs: number
    /** There is no app yet. */
    isUndecided: () => boolean
    capture: (captured: CapturedServer) => void
    /** Decides as about any server that listens now. */
    decide: (call: ListenCall) => void
    /** Lets the server listen. */
    open: () => void
  },
): void {
  const { server } = early
  setImmediate(() => {
    if (isUndecided() && answered.some((event) => server.listenerCount(event) > 0)) return capture(early)
    early.release()
    if (!isUndecided()) return decide(call)
    const one = { server, asked: call.asked }
    passing.push(one)
    server.once('listening', () =>
      unlessClosed(server, { answered, passingMs }, () => {
        passing.splice(passing.indexOf(one), 1)
        server.close()
        // What waits for it has been called.
        for (const listener of server.rawListeners('listening'))
          server.off('listening', listener as () => void)
        decide({ ...call, callback: null })
      }),
    )
    open()
  })
}

/** Calls back once when a server gets a listener for one of these events, or after that time, if it is still open then. */
function unlessClosed(
  server: Server,
  { answered, passingMs }: { answered: readonly string[]; passingMs: number },
  isApp: () => void,
): void {
  const timer = setTimeout(end, passingMs).unref()
  const onListener = (event: string): void => {
    if (answered.includes(event)) process.nextTick(end)
  }
  server.on('newListener', onListener)
  server.once('close', forget)
  function forget(): void {
    clearTimeout(timer)
    server.off('newListener', onListener)
    server.off('close', forget)
  }
  function end(): void {
    forget()
    if (server.listening) isApp()
  }
}
