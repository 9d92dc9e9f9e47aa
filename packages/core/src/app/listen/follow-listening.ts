import type { LaunchError } from '../../errors/launch-error.ts'
import type { Logger } from '../../log/logger.ts'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'
import { watchListening } from '../watch-listening.ts'
import type { ListenWatch } from './intercept-listen.ts'

/** What goes on about servers of the app after its boot. */
export interface AppListening {
  /** Reports servers that listen beside the app, also those that came before. */
  report(log: Logger): void
  /** Calls back with each server of the app that is refused, also with those that came before. */
  onRefused(called: (error: LaunchError) => void): void
  /** The launcher accepts connections at these addresses. */
  opened(addresses: readonly BoundAddress[]): void
  /** The same, before the listeners of the app are called. */
  opening(): void
  /** Calls back once, when the app closes a server that has listened since its boot. */
  onAppCloses(called: () => void): void
  /** The launcher serves no more. */
  ended(): void
  stop(): void
}

/** In a process of the launcher, where each server that listens is refused or allowed. */
export function refuseOthers(watch: ListenWatch): AppListening {
  const refusals: LaunchError[] = []
  let tell: ((error: LaunchError) => void) | null = null
  return {
    report: (log) =>
      watch.onRefused((error) => {
        log.error(`${error.message} ${error.faults[0]?.hint ?? ''}`)
        if (tell) tell(error)
        else refusals.push(error)
      }),
    onRefused(called) {
      tell = called
      for (const error of refusals.splice(0)) called(error)
    },
    opening: watch.opening,
    opened: watch.opened,
    onAppCloses: watch.onAppCloses,
    ended: watch.ended,
    stop: watch.stop,
  }
}

/** In a process of a program with servers of its own, which can't be distinguished from those of the app. To be called before the app is loaded. */
export function warnOfOthers(): AppListening {
  const watch = watchListening()
  return {
    report: (log) =>
      watch.tell((address) =>
        log.warn('the app listens by itself too: Lockstep neither secures nor drains what comes there', {
          address,
        }),
      ),
    onRefused: () => undefined,
    opening: () => undefined,
    opened: () => undefined,
    onAppCloses: () => undefined,
    ended: () => undefined,
    stop: watch.stop,
  }
}
