import { readNodeOptions } from './read-node-options.ts'

/** `--inspect`, `--inspect-brk` and `--inspect-wait` open V8's inspector. `--inspect-port` only says where. */
const openingFlag = /^(--inspect(?:-brk|-wait)?)(?:=(.*))?$/
const portFlag = /^--inspect-port(?:=(.*))?$/
const highestPort = 65_535
const lowestPort = 1_024

interface Inspector {
  /** `--inspect`, `--inspect-brk` or `--inspect-wait`. */
  readonly flag: string
  /** `null`: Node's default. */
  readonly host: string | null
  /** `0`: the system chooses. */
  readonly port: number
}

/**
 * Assigns each worker its own port for V8's inspector when this process was started with one, by a flag or in `NODE_OPTIONS`. As
 * under node:cluster, the ports follow that of the primary; here a port is used again when its worker has ended.
 */
export class InspectorPorts {
  readonly #taken = new Set<number>()

  take(): { readonly flags: readonly string[]; readonly release: () => void } {
    const inspector = ownInspector()
    if (!inspector) return { flags: [], release: () => undefined }
    const port = inspector.port === 0 ? 0 : this.#next(process.debugPort)
    this.#taken.add(port)
    const place = inspector.host === null ? port : `${inspector.host}:${port}`
    return {
      flags: [inspector.flag, `--inspect-port=${place}`],
      release: () => void this.#taken.delete(port),
    }
  }

  #next(primary: number): number {
    let port = primary
    do port = port >= highestPort ? lowestPort : port + 1
    while (this.#taken.has(port))
    return port
  }
}

/** What this process was started with. */
export function ownInspector(): Inspector | null {
  return findInspector([...readNodeOptions(process.env['NODE_OPTIONS'] ?? ''), ...process.execArgv])
}

/** As Node reads them: what comes later counts, the host and the port each for itself. `null` when nothing opens the inspector. */
export function findInspector(words: readonly string[]): Inspector | null {
  let flag: string | null = null
  let host: string | null = null
  let port: number | null = null
  for (const [index, word] of words.entries()) {
    const opening = openingFlag.exec(word)
    const place = opening ?? portFlag.exec(word)
    if (!place) continue
    if (opening?.[1] !== undefined) flag = opening[1]
    // Only the flag that names a port may have it as a word of its own.
    const text = (opening ? opening[2] : (place[1] ?? words[index + 1])) ?? ''
    const [, foundHost, foundPort] = /^(?:(.*):)?(\d+)$/.exec(text) ?? [undefined, text, undefined]
    if (foundHost) host = foundHost
    if (foundPort !== undefined) port = Number(foundPort)
  }
  return flag === null ? null : { flag, host, port: port ?? 9_229 }
}
