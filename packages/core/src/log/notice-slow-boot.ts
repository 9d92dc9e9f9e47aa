import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { Logger } from './logger.ts'

/** In milliseconds. Most apps are ready by then. */
const noticeMs = 5_000

/**
 * Writes one line to the log when a boot takes more than 5 s, with what is awaited and for how long: until the boot timeout nothing else might be
 * written. It does not keep the process alive.
 */
export function noticeSlowBoot(plan: LaunchPlan, log: Logger): Disposable {
  const { bootMs } = plan.timeouts
  const notice = (): void =>
    log.info(
      `waiting for ${awaited(plan)}: ${noticeMs / 1_000} s of at most ${bootMs / 1_000} s have passed (--boot-timeout)`,
      { bootTimeoutMs: bootMs },
    )
  const timer = bootMs > noticeMs ? setTimeout(notice, noticeMs).unref() : undefined
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

/** Completes "waiting for …". */
function awaited({ app, upstream: { readyPath, readyOutput }, waitReady }: LaunchPlan): string {
  const said = waitReady ? ' and to say that it is ready (--wait-ready)' : ''
  switch (app.kind) {
    case 'module':
      return `${app.file} to export an app or to listen${said}`
    case 'memory':
      return `the app${said}`
    case 'static':
      return 'the server'
    case 'python':
      return `${app.target} to accept connections`
    case 'command':
      return readyOutput !== null
        ? `${app.command[0]} to write the text of --upstream-ready-output`
        : readyPath !== null
          ? `${app.command[0]} to answer ${readyPath} with 2xx or 3xx`
          : `${app.command[0]} to accept connections`
  }
}
