/** What one connection to the control socket may take: a process of the same user may be hostile or broken. */
export const controlLimits = {
  /** From the connection to the end of the request's headers. */
  requestMs: 5_000,
  /** For the client to read the end of its answer. */
  answerMs: 10_000,
  /** Verbs have short requests. */
  requestBytes: 8_192,
  /** Connections that have not asked for anything yet. One more, and the oldest of them is closed. */
  waitingConnections: 64,
  /** Verbs that are carried out at the same time. One more is refused with 429, unless it is `stop`. */
  verbs: 64,
  /** Progress that the client has not read. What comes on top closes its connection; the verb goes on. */
  unreadBytes: 1_048_576,
} as const

/** What a client of the control socket accepts as an answer: the server may be hostile or broken too. */
export const answerLimits = {
  /** A status of a thousand workers takes a quarter of a megabyte. */
  lineBytes: 8_388_608,
  /** For what a server can say at once. */
  promptMs: 5_000,
  /** From the end of the answer to `stop` to the end of the process. */
  exitMs: 2_000,
} as const
