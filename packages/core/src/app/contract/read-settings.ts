import type { Server } from 'node:http'
import { http } from '../../platform/node/node-http.ts'
import { isSetting, type ServerSetting, type SettingAnswer, serverSettings } from './server-settings.ts'

/** A setting that differs from Node's default. */
export interface FoundSetting {
  readonly name: string
  readonly key: string | symbol
  readonly value: unknown
  /** `null`: a later Node has it, and nothing is known of it. */
  readonly answer: SettingAnswer | null
}

/** The settings of a server that differ from those of a new one, and from `asDefault`: what a framework sets when nothing is asked for. */
export function readSettings(
  server: Server,
  { asDefault = {} }: { asDefault?: { readonly [Name in ServerSetting]?: unknown } } = {},
): readonly FoundSetting[] {
  const fresh = http.createServer()
  const ownKeys = new Set<string | symbol>([
    ...Reflect.ownKeys(fresh),
    // They are there only once an app has set them.
    'maxConnections',
    'dropMaxConnection',
  ])
  return [...ownKeys].flatMap((key) => {
    const name = typeof key === 'symbol' ? (key.description ?? '') : key
    if (!isSetting(name)) return []
    const value = member(server, key)
    if (
      value === undefined ||
      value === null ||
      isDefault(name, { value, server, fresh: member(fresh, key) })
    )
      return []
    if (value === (asDefault as Record<string, unknown>)[name]) return []
    return [{ name, key, value, answer: (serverSettings as Record<string, SettingAnswer>)[name] ?? null }]
  })
}

function isDefault(
  name: string,
  { value, server, fresh }: { value: unknown; server: Server; fresh: unknown },
): boolean {
  // Each server has a function of its own, with the same text.
  if (name === 'shouldUpgradeCallback') return String(value) === String(fresh)
  // Node takes it from the time for the whole request, when that is shorter.
  if (name === 'headersTimeout') return value === Math.min(Number(fresh), server.requestTimeout)
  if (name === 'maxHeaderSize') return value === 0
  return value === fresh
}

function member(server: Server, key: string | symbol): unknown {
  return (server as unknown as Record<string | symbol, unknown>)[key]
}
