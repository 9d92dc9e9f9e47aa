/** What a serving process has done since its start. */
export interface ServedCounts {
  /** Connections that were accepted, those of redirect addresses among them. */
  readonly connections: number
  /** Requests that were answered to the end. */
  readonly requests: number
  /** Lines of the access log that could not be written. */
  readonly lostLines: number
  /** Clients that were refused for their certificates. */
  readonly refusedClients: number
  /** Connections that were closed because they had no PROXY header that counts (`proxy.protocol`). */
  readonly refusedConnections: number
}
