import type { ResolvedOptions } from '../options/resolve-options.ts'
import { secretVariableNames } from '../options/sources/environment/secret-variables.ts'
import { canHoldAddresses } from '../platform/net/hold-address.ts'
import { isTerminal } from '../platform/system/is-terminal.ts'
import { chooseBalance } from './choose-balance.ts'
import { deepFreeze } from './deep-freeze.ts'
import type { LaunchPlan } from './launch-plan.ts'
import { planRecycling } from './plan-recycling.ts'
import { workerCount } from './worker-count.ts'

/** Puts a plan together from options without faults and what was found out about them. It is frozen. */
export function composePlan(
  options: ResolvedOptions,
  {
    app,
    userSet,
    addresses,
    tls,
    runAs,
    https,
  }: Pick<LaunchPlan, 'app' | 'userSet' | 'addresses' | 'tls' | 'runAs' | 'https'>,
): LaunchPlan {
  return deepFreeze({
    name: options.name.value,
    app,
    args: options.args.value,
    secretVariables: secretVariableNames,
    userSet,
    addresses,
    tls,
    https,
    backlog: options.backlog.value,
    workers: workerCount(options.workers.value),
    replacement: {
      maxSurge: options['reload.maxSurge'].value,
      maxUnavailable: options['reload.maxUnavailable'].value,
    },
    recycling: planRecycling(options),
    balance: chooseBalance(options.balance.value, {
      platform: process.platform,
      canHold: canHoldAddresses(),
    }),
    runAs,
    chdir: options.chdir.value,
    umask: options.umask.value,
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
