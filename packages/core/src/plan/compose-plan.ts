import { type SettableByApp, settableByApp } from '../app/contract/server-settings.ts'
import { variablesIn } from '../options/kinds/set-variables.ts'
import type { OptionName } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { canHoldAddresses } from '../platform/net/hold-address.ts'
import { isTerminal } from '../platform/system/terminal.ts'
import { chooseBalance } from './choose-balance.ts'
import type { LaunchPlan, PlannedRecycling, PlanOfOptions } from './launch-plan.ts'
import { workerCount } from './worker-count.ts'

/** Puts a plan together from options without faults and what was found out about them. It is frozen. */
export function composePlan(
  options: ResolvedOptions,
  found: Pick<LaunchPlan, 'app' | 'addresses' | 'tls' | 'runAs' | 'https' | 'secretVariables'>,
): LaunchPlan {
  const { args } = options
  return deepFreeze({
    ...planOfOptions(options),
    ...found,
    args: args.value ?? argsOfFolder(found.app),
  })
}

/** The part of a plan that follows from the options alone. It is frozen. */
export function planOfOptions(options: ResolvedOptions): PlanOfOptions {
  const isSet = (name: OptionName): boolean => options[name].source.kind !== 'default'
  return deepFreeze({
    name: options.name.value,
    args: options.args.value,
    userSet: (Object.keys(settableByApp) as SettableByApp[]).filter(isSet),
    userSetAddress: (['bind', 'host', 'port', 'backlog'] as const).filter(isSet),
    appPorts: options.appPorts.value ?? [],
    backlog: options.backlog.value,
    workers: workerCount(options.workers.value),
    upstream: {
      variables: variablesIn(options['upstream.setEnv'].value ?? []),
      readyPath: options['upstream.readyPath'].value,
      readyOutput: options['upstream.readyOutput'].value,
      stopSignal: options['upstream.stopSignal'].value,
      connectMs: options['upstream.connectTimeout'].value,
      responseMs: options['upstream.responseTimeout'].value,
    },
    replacement: {
      mode: options['reload.mode'].value,
      maxSurge: options['reload.maxSurge'].value,
      maxUnavailable: options['reload.maxUnavailable'].value,
    },
    recycling: planRecycling(options),
    balance: chooseBalance(options.balance.value, {
      platform: process.platform,
      canHold: canHoldAddresses(),
    }),
    sticky: options.sticky.value,
    chdir: options.chdir.value,
    umask: options.umask.value,
    proxy: planProxies(options),
    timeouts: planTimeouts(options),
    limits: planLimits(options),
    health: { readyPath: options['health.ready'].value, livePath: options['health.live'].value },
    ...planLogs(options),
    waitReady: options.waitReady.value,
    shutdownWithMessage: options.shutdownWithMessage.value,
    pidFile: options.pidFile.value,
    verify: options.verify.value,
    control: options.control.value,
  })
}

/** The start script of a folder may pass arguments. */
function argsOfFolder(app: LaunchPlan['app']): readonly string[] | null {
  return app.kind === 'module' && app.args.length > 0 ? app.args : null
}

function planProxies(options: ResolvedOptions): LaunchPlan['proxy'] {
  return {
    trusted: options['proxy.trusted'].value ?? [],
    header: options['proxy.header'].value,
    protocol: options['proxy.protocol'].value,
    protocolMs: options['tls.handshakeTimeout'].value,
  }
}

function planTimeouts(options: ResolvedOptions): LaunchPlan['timeouts'] {
  return {
    bootMs: options['timeouts.boot'].value,
    hangMs: options['timeouts.hang'].value,
    gracefulMs: options['timeouts.graceful'].value,
    drainDelayMs: options['timeouts.drainDelay'].value,
    keepAliveMs: options['timeouts.keepAlive'].value,
    headersMs: options['timeouts.headers'].value,
    requestMs: options['timeouts.request'].value,
    sendMs: options['timeouts.send'].value,
  }
}

function planLimits(options: ResolvedOptions): LaunchPlan['limits'] {
  return {
    connections: options['limits.connections'].value,
    concurrency: options['limits.concurrency'].value,
    headerBytes: options['limits.headerBytes'].value,
    headerCount: options['limits.headerCount'].value,
  }
}

function planLogs(options: ResolvedOptions): Pick<LaunchPlan, 'log' | 'accessLog'> {
  const format = options['log.format'].value
  const file = options['accessLog.file'].value
  return {
    log: {
      level: options['log.level'].value,
      format: format === 'auto' ? (isTerminal('stderr') ? 'pretty' : 'json') : format,
    },
    accessLog: file === null ? null : { file, format: options['accessLog.format'].value },
  }
}

/** Freezes a value and all that it holds. Bytes can't be frozen, and dates are never changed. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
    return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}

/** What an unset jitter is, as a part of the limit that it belongs to. */
const usualJitter = 0.1

function planRecycling(options: ResolvedOptions): PlannedRecycling {
  const maxRequests = options['recycle.maxRequests'].value
  const lifetimeMs = options['recycle.lifetime'].value
  return {
    maxRequests,
    maxRequestsJitter:
      options['recycle.maxRequestsJitter'].value ?? Math.round((maxRequests ?? 0) * usualJitter),
    lifetimeMs,
    lifetimeJitterMs: options['recycle.lifetimeJitter'].value ?? Math.round((lifetimeMs ?? 0) * usualJitter),
    maxRssBytes: options['recycle.memory'].value,
    maxHeapBytes: options['recycle.heap'].value,
  }
}
