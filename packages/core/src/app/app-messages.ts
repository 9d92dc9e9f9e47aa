import { isDeeper, isInternal, longestMessage, mostLevels } from './message-limits.ts'

type Callback = (error: Error | null) => void
type Send = (...words: unknown[]) => boolean

/** The messages between the app in this process and the launcher: the app's side is `process.send()` and its kin. */
export interface AppMessages extends Disposable {
  /** Resolves when the app calls `process.send('ready')`, as PM2 has it with `wait_ready`. */
  readonly saidReady: Promise<void>
}

/**
 * Provides an app with what it finds under node:cluster and PM2, in each process that runs one. `process.send()` reaches the launcher.
 * `process.disconnect()` ends the app's side of it, and nothing else: in a worker Node's channel carries the connections too. Disposing
 * puts back what was there.
 *
 * This is a trick: members of `process` are replaced, since Node has no public way to share its channel. Where the process has a parent
 * of its own that it can send to (`parent: 'other'`), the messages reach that parent as before, and nothing else is replaced.
 */
export function offerMessages({
  parent,
  onMessage,
}: {
  /** The process that reads Node's channel of this process: the launcher, or an unrelated process. `null`: there is none. */
  parent: 'launcher' | 'other' | null
  /** Called with what the app sends, as it comes out of JSON. */
  onMessage?: (message: unknown) => void
}): AppMessages {
  const ready = Promise.withResolvers<void>()
  const observe = (message: unknown, json: string): void => {
    if (message === 'ready') ready.resolve()
    if (onMessage && !isInternal(message)) onMessage(JSON.parse(json))
  }
  const members = {
    launcher: () => membersOfWorker(observe),
    other: () => ({ send: sendToOther(process.send as unknown as Send, observe) }),
    none: () => membersWithoutChannel(observe),
  }[parent ?? 'none']()
  const restore = replaceMembers(members)
  return { saidReady: ready.promise, [Symbol.dispose]: restore }
}

/** What `process.send()` throws, or passes to its callback: the codes of Node for the same mistakes. */
export type MessageErrorCode =
  | 'ERR_INVALID_HANDLE_TYPE'
  | 'ERR_IPC_CHANNEL_CLOSED'
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_OUT_OF_RANGE'

/** What an app finds on `process` for its messages, in each process that serves. */
export type MessageMember = 'send' | 'disconnect' | 'connected' | 'channel'

type Members = { readonly [Name in MessageMember]?: unknown }

type Observe = (message: unknown, json: string) => void

function membersOfWorker(observe: Observe): Members {
  const { send } = process as unknown as { send: Send }
  return {
    send: createSend((message, json, callback) => {
      observe(message, json)
      return send.call(process, message, undefined, undefined, callback)
    }),
    disconnect,
    connected: true,
  }
}

function membersWithoutChannel(observe: Observe): Members {
  return {
    send: createSend((message, json, callback) => {
      // As from another process: after what runs now.
      process.nextTick(() => {
        observe(message, json)
        callback(null)
      })
      return true
    }),
    disconnect,
    connected: true,
    channel: { ref: () => undefined, unref: () => undefined },
  }
}

/** It says no to nothing that the parent takes. */
function sendToOther(send: Send, observe: Observe): Send {
  return function sendOn(...words) {
    const sent = send.apply(process, words)
    try {
      const json = toJson(words[0])
      observe(words[0], json)
    } catch {
      // The launcher's limits are not those of that parent.
    }
    return sent
  }
}

/** The arguments of `process.send()`, as Node takes them. */
function createSend(deliver: (message: unknown, json: string, callback: Callback) => boolean) {
  return function send(message: unknown, ...more: readonly unknown[]): boolean {
    const callback = (more.find((word) => typeof word === 'function') ?? (() => undefined)) as Callback
    const [handle] = more
    if (typeof handle === 'object' && handle !== null)
      throw failure(
        'ERR_INVALID_HANDLE_TYPE',
        'The launcher takes no handles: only messages can be sent to it.',
      )
    if (!process.connected) {
      process.nextTick(
        callback,
        failure('ERR_IPC_CHANNEL_CLOSED', 'The app has called process.disconnect().'),
      )
      return false
    }
    return deliver(message, toJson(message), callback)
  }
}

/** Throws for what Node does not send, and for what the launcher does not take. */
function toJson(message: unknown): string {
  if (!['string', 'object', 'number', 'boolean'].includes(typeof message))
    throw failure('ERR_INVALID_ARG_TYPE', `A message cannot be of the type ${typeof message}.`)
  const json = JSON.stringify(message) ?? 'null'
  // A character has up to three bytes in UTF-8.
  if (json.length * 3 > longestMessage && Buffer.byteLength(json) > longestMessage)
    throw failure(
      'ERR_OUT_OF_RANGE',
      `A message to the launcher has at most ${longestMessage} bytes as JSON.`,
    )
  if (isDeeper(message, mostLevels))
    throw failure('ERR_OUT_OF_RANGE', `A message to the launcher has at most ${mostLevels} levels.`)
  return json
}

function disconnect(): void {
  if (!process.connected) return
  Object.defineProperty(process, 'connected', { ...own, value: false })
  process.nextTick(() => process.emit('disconnect'))
}

function failure(code: MessageErrorCode, message: string): Error {
  return Object.assign(new TypeError(message), { code })
}

const own = { configurable: true, enumerable: true, writable: true } as const

function replaceMembers(members: Members): () => void {
  const before = Object.keys(members).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  )
  for (const [name, value] of Object.entries(members)) Object.defineProperty(process, name, { ...own, value })
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(process, name, descriptor)
      else delete (process as unknown as Record<string, unknown>)[name]
    }
  }
}
