/**
 * How long a connection lived until the other side closed it, in milliseconds. A server's clock starts after the moments of the client that
 * these are counted from. So a server that keeps its limit is never seen to be too fast, however busy this machine is.
 */
export interface Lifetime {
  /** From just before the connection was begun. */
  readonly sinceBegunMs: number
  /** From just before the client last sent something; as `sinceBegunMs`, if it never did. */
  readonly sinceSentMs: number
}

export interface LifetimeClock {
  /** To be called before something is sent. */
  readonly sends: () => void
  /** To be called when the connection is closed. */
  readonly ends: () => void
  /** Until the end, or until now. */
  readonly read: () => Lifetime
}

/** To be called before the connection is begun. */
export function startClock(): LifetimeClock {
  const begun = performance.now()
  let sent = begun
  let ended: number | null = null
  return {
    sends() {
      sent = performance.now()
    },
    ends() {
      ended ??= performance.now()
    },
    read() {
      const end = ended ?? performance.now()
      return { sinceBegunMs: Math.round(end - begun), sinceSentMs: Math.round(end - sent) }
    },
  }
}
